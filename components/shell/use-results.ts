"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { z } from "zod";
import type { ShellDto } from "#lib/shell/schema.ts";
import { navOf } from "./nav.ts";
import { matching, type PaletteResult, paletteResultSchema } from "./palette-results.ts";

const answerSchema = z.object({ items: z.array(paletteResultSchema) });

/**
 * What the palette finds: the places of the rail, my projects, a release number that was typed whole, and what
 * `searchUrl` answers to `?q=` (`{ items: PaletteResult[] }`) where the portal has one.
 */
export function usePaletteResults(
  shell: ShellDto,
  project: string | undefined,
  searchUrl: string | undefined,
) {
  const t = useTranslations("shell");
  return useCallback(
    async (query: string, signal: AbortSignal): Promise<PaletteResult[]> => {
      const nav = navOf(project, shell.mayReadAudit);
      const text = query.trim();
      const own: PaletteResult[] = matching(
        [
          ...(project === undefined
            ? []
            : [
                {
                  group: "actions" as const,
                  label: t("palette.newRelease"),
                  hint: project,
                  href: `/releases/new?project=${encodeURIComponent(project)}`,
                },
              ]),
          ...[...nav.mine, ...nav.project, ...nav.platform].map((entry) => ({
            group: "pages" as const,
            label: t(entry.key),
            href: entry.href,
          })),
          ...shell.projects.map(({ key, name }) => ({
            group: "projects" as const,
            label: name,
            hint: key,
            href: `/projects/${encodeURIComponent(key)}`,
          })),
        ],
        text,
      );
      if (/^\d{8}-[\w-]+-\d+$/.test(text)) {
        own.unshift({
          group: "numbers",
          label: t("palette.openRelease", { number: text }),
          href: `/releases/${text}`,
        });
      }
      if (searchUrl === undefined || text.length < 2) return own;
      const answer = await fetch(`${searchUrl}?q=${encodeURIComponent(text)}`, { signal });
      if (!answer.ok) return own;
      return [...answerSchema.parse(await answer.json()).items, ...own];
    },
    [t, shell.projects, shell.mayReadAudit, project, searchUrl],
  );
}
