"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { MiddleText } from "#components/ui/copyable.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";

/** Which release order goes from where to where; what runs there until then. */
export function StageWay({ release, stage }: { release: ReleaseDto; stage: StageDto }) {
  const t = useTranslations("releases.flow");
  const line = useTranslations("releases.line");
  const before = release.stages[release.stages.findIndex((one) => one.environment === stage.environment) - 1];
  const from =
    before === undefined
      ? { name: line("build"), state: asState(release.shown) }
      : { name: before.environment, state: asState(before.state) };
  const running = stage.runningRelease;
  return (
    <div className="rounded-md border border-line">
      <div className="min-w-0 border-b border-line px-3 py-2">
        <div className="font-mono text-sm text-fg">{release.number}</div>
        <div className="break-words text-fg">{release.title}</div>
      </div>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-2">
        <b>{from.name}</b>
        <StateBadge state={from.state} size="small" />
        <ArrowRight aria-label={t("to")} className="text-fg-3" />
        <b>{stage.environment}</b>
        <StateBadge state={asState(stage.state)} size="small" />
        <span className="ml-auto min-w-0 text-sm text-fg-3 max-sm:ml-0 max-sm:basis-full">
          {running === null ? (
            line("nothingRuns")
          ) : (
            <>
              {line("runs")} <MiddleText text={running} max={24} className="font-mono" />
            </>
          )}
        </span>
      </div>
    </div>
  );
}
