"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { ShellDto } from "#lib/shell/schema.ts";
import { navOf } from "./nav.ts";
import type { PaletteResult } from "./palette-results.ts";

/** What the palette knows without asking: a new release order, the places of the rail, my projects. */
export function usePlaces(shell: ShellDto, project: string | undefined): PaletteResult[] {
  const t = useTranslations("shell");
  return useMemo(() => {
    const nav = navOf(project, shell.mayReadAudit);
    const places: PaletteResult[] = [...nav.mine, ...nav.project, ...nav.platform].map((entry) => ({
      group: "pages",
      label: t(entry.key),
      href: entry.href,
    }));
    if (project !== undefined) {
      const href = `/releases/new?project=${encodeURIComponent(project)}`;
      places.unshift({ group: "actions", label: t("palette.newRelease"), hint: project, href });
    }
    for (const { key, name } of shell.projects) {
      places.push({
        group: "projects",
        label: name,
        hint: key,
        href: `/projects/${encodeURIComponent(key)}`,
      });
    }
    return places;
  }, [t, shell.projects, shell.mayReadAudit, project]);
}
