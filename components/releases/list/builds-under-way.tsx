"use client";

import { useTranslations } from "next-intl";
import { EtaText } from "#components/builds/eta-text.tsx";
import { useServerClock } from "#components/ui/clock.ts";
import { etaOfAll } from "#lib/builds/eta.ts";
import type { ReleaseSummaryDto } from "#lib/releases/schema.ts";
import { useServerNow } from "../server-now.tsx";

/** Of a release order that is being built: how many of its builds run and wait, and when the last will be over. */
export function BuildsUnderWay({ release }: { release: ReleaseSummaryDto }) {
  const t = useTranslations("releases.list");
  const opened = useServerNow();
  const now = useServerClock(opened ?? release.createdAt, 1000);
  const builds = release.items.flatMap(({ build }) => build ?? []);
  const count = (state: string) => builds.filter((build) => build.state === state).length;
  const [running, waiting] = [count("running"), count("queued")];
  if (running + waiting === 0) return null;
  const eta = etaOfAll(builds, now);
  const told = eta.etaMs !== null || eta.overdueMs !== null;
  return (
    <span className="block max-w-36 pl-5 text-fg-3 text-sm">
      {told ? <EtaText eta={eta} className="whitespace-normal!" /> : t("underWay", { running, waiting })}
    </span>
  );
}
