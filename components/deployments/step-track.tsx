"use client";

import { useLocale, useNow, useTranslations } from "next-intl";
import { useServerClock } from "#components/ui/clock.ts";
import { cx } from "#components/ui/cx.ts";
import { Duration } from "#components/ui/duration.tsx";
import { formatDuration } from "#components/ui/duration-format.ts";
import { StateIcon } from "#components/ui/state-badge.tsx";
import { lookOf } from "#components/ui/states.ts";
import { STEP_LOOKS, type Step, seconds, shareOf } from "./progress-model.ts";
import { isSlow } from "./times-model.ts";

function StepTime({ step }: { step: Step }) {
  const t = useTranslations("deployments");
  const locale = useLocale();
  if (step.startedAt === null) {
    if (step.usualMs === null || step.state !== "waiting") return t("step.waiting");
    if (step.usualMs < 500) return t("step.instant");
    return t("step.usually", { duration: formatDuration(step.usualMs / 1000, locale) });
  }
  if (step.endedAt === null) return <RunningTime since={step.startedAt} usualMs={step.usualMs} />;
  return <Duration seconds={seconds(step.startedAt, step.endedAt)} />;
}

/** Time of a step that runs, with the usual one; marked once it takes more than twice as long. */
function RunningTime({ since, usualMs }: { since: string; usualMs: number | null }) {
  const t = useTranslations("deployments.step");
  const locale = useLocale();
  const now = useServerClock(useNow(), 1000);
  const taken = (now.getTime() - Date.parse(since)) / 1000;
  // Less than what is shown as a second says nothing.
  const usual = usualMs === null || usualMs < 500 ? null : usualMs / 1000;
  if (usual === null || !isSlow(taken, usual)) return <Duration seconds={taken} usual={usual ?? undefined} />;
  return (
    <span className="text-wait">
      {formatDuration(taken, locale)} · {t("slow", { duration: formatDuration(usual, locale) })}
    </span>
  );
}

/** The steps of one target with their times; a step that waits is dashed. */
export function StepTrack({ steps }: { steps: Step[] }) {
  const t = useTranslations("deployments");
  return (
    <ol className="grid grid-cols-2 gap-x-[3px] gap-y-3 border-b border-line px-3.5 pt-3 pb-2.5 sm:grid-cols-[repeat(auto-fit,minmax(98px,1fr))]">
      {steps.map((step) => {
        const state = STEP_LOOKS[step.state] ?? "unknown";
        const idle = step.state === "waiting" || step.state === "skipped" || step.state === "cancelled";
        const objects = step.detail?.objects?.length ?? 0;
        return (
          <li key={step.id} className={cx("relative min-w-0 pt-2.5", `k-${lookOf(state).kind}`)}>
            <span
              aria-hidden="true"
              className={cx(
                "absolute inset-x-0 top-0 h-[3px] rounded-[2px]",
                idle
                  ? "bg-[repeating-linear-gradient(90deg,var(--line-strong)_0_5px,transparent_5px_9px)]"
                  : "bg-(--d)",
              )}
            />
            <span className={cx("flex items-center gap-1.5", idle ? "text-fg-3" : "font-medium")}>
              <StateIcon state={state} />
              <span className="truncate">
                {t(`step.${step.name}`)}
                {step.name === "canary" && ` ${shareOf(step)}%`}
                {step.name === "apply" && objects > 0 && ` ${t("step.objects", { count: objects })}`}
              </span>
              <span className="sr-only">{t(`step.state.${step.state}`)}</span>
            </span>
            <span className="block pl-5 text-sm text-fg-3">
              <StepTime step={step} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
