"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { BuildProgress } from "#components/builds/build-progress.tsx";
import type { ItemBuildDto } from "#lib/releases/schema.ts";

/** The newest attempt at an item: how far it is, or how it ended. The whole of it leads to the build. */
export function BuildCell({ build, component }: { build: ItemBuildDto; component: string }) {
  const t = useTranslations("releases.items");
  return (
    <Link
      href={`/builds/${build.id}`}
      aria-label={t("openBuild", { component })}
      className="group flex min-w-48 items-center gap-2"
    >
      <BuildProgress build={build} component={component} />
      {build.attempt > 1 && (
        <span className="self-start whitespace-nowrap text-sm text-fg-3">
          {t("attempt", { attempt: build.attempt })}
        </span>
      )}
    </Link>
  );
}
