"use client";

import { ArrowDown, CircleCheck, CircleDashed, Hourglass } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { formatDuration } from "#components/ui/duration-format.ts";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { gateOf, type Wave } from "./flow-model.ts";

const ICONS = { passed: CircleCheck, here: Hourglass, ahead: CircleDashed, closed: CircleDashed } as const;

/** What stands between one wave and the next: who opens it, how long it lasts, what must be well. */
export function WaveGate({
  deployment,
  wave,
  withRules,
}: {
  deployment: DeploymentDto;
  wave: Wave;
  /** Of several gates ahead one says the rules. */
  withRules: boolean;
}) {
  const t = useTranslations("deployments.gate");
  const locale = useLocale();
  const state = gateOf(deployment, wave);
  const Icon = ICONS[state];
  const { waveGate, wavePauseSeconds, maxFailedTargets } = deployment.policy;
  // The rules are today's: they say nothing of a gate that is behind us.
  const told = withRules && state !== "passed" && state !== "closed";
  const rules = [
    t(waveGate),
    ...(wavePauseSeconds > 0 ? [t("pause", { time: formatDuration(wavePauseSeconds, locale) })] : []),
    t("failures", { count: maxFailedTargets }),
    t("healthy"),
  ];
  return (
    <div
      className={cx(
        "flex items-center gap-2.5 px-3.5 text-sm",
        state === "here" ? "k-wait text-(--c)" : "text-fg-3",
      )}
    >
      <ArrowDown aria-hidden className="flex-none" />
      <span className="h-px w-4 flex-none bg-line max-sm:hidden" />
      <Icon aria-hidden className={cx("flex-none", state === "passed" && "text-good")} />
      <span className="min-w-0">
        <b className="font-medium">{t("title", { wave: wave.wave })}</b> {t(`state.${state}`)}
        {told && <span className="text-fg-3">{["", ...rules].join(" · ")}</span>}
      </span>
      <span className="h-px min-w-4 flex-1 bg-line max-sm:hidden" />
    </div>
  );
}
