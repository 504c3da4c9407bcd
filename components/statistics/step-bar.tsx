"use client";

import { useFormatter, useLocale, useTranslations } from "next-intl";
import { formatDuration } from "#components/ui/duration-format.ts";
import type { ReleaseLifeDto } from "#lib/statistics/schema.ts";

/** Below this part of the whole a label would run into its neighbours; the list beside the bar has every step. */
const LABELLED = 0.07;

type Step = ReleaseLifeDto["steps"][number];
type Named = Pick<Step, "kind" | "environment">;

/** Name of a step with its environment. */
export function useStepName(): (step: Named) => string {
  const t = useTranslations("statistics");
  return ({ kind, environment }) =>
    environment === null ? t(`kinds.${kind}`) : `${environment} ${t(`kinds.${kind}`)}`;
}

/** The square that says whether a step is work or waiting; told apart without colour. */
export const StepKey = ({ mode }: { mode: Step["mode"] }) => (
  <span aria-hidden className="life-key" data-mode={mode} />
);

/** Steps one after the other, as wide as the time they took. `label` says it to readers who do not see it. */
export function StepBar({
  steps,
  label,
  labelled = true,
}: {
  steps: readonly (Named & { key: string; mode: Step["mode"]; seconds: number })[];
  label: string;
  /** With names below the wider ones. */
  labelled?: boolean;
}) {
  const format = useFormatter();
  const locale = useLocale();
  const nameOf = useStepName();
  const all = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  return (
    <div className="life-bar" role="img" aria-label={label}>
      {steps.map((step) => {
        const share = all === 0 ? 0 : step.seconds / all;
        const length = formatDuration(step.seconds, locale);
        return (
          <div
            key={step.key}
            style={{ flexGrow: share }}
            className="life-step"
            title={`${nameOf(step)}: ${length}, ${format.number(share, { style: "percent", maximumFractionDigits: 1 })}`}
          >
            <div className="life-block" data-mode={step.mode} />
            {labelled && share >= LABELLED && (
              <>
                <p className="truncate font-semibold">{length}</p>
                <p className="truncate text-fg-2">{nameOf(step)}</p>
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}
