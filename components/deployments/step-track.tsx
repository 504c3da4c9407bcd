"use client";

import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import { lookOf } from "#components/ui/states.ts";
import { STEP_LOOKS, type Step, seconds, shareOf } from "./progress-model.ts";

function StepTime({ step }: { step: Step }) {
  const t = useTranslations("deployments");
  if (step.startedAt === null) return t("step.waiting");
  if (step.endedAt === null) return <LiveDuration since={step.startedAt} />;
  return <Duration seconds={seconds(step.startedAt, step.endedAt)} />;
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
