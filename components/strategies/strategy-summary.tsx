"use client";

import { useTranslations } from "next-intl";
import type { Strategy, Wait } from "#lib/strategies/schema.ts";
import { useWaitText } from "./use-wait-text.ts";

/** A strategy in one line: its name, shares and waits. "Canary 10% → 50% (a person) → all" */
export function StrategySummary({ strategy }: { strategy: Strategy }) {
  const t = useTranslations("strategies");
  const say = useWaitText();
  const waited = (wait: Wait) => (wait.kind === "none" ? "" : t("summary.waited", { wait: say(wait) }));
  const way =
    strategy.kind === "canary"
      ? [...strategy.steps.map(({ percent, wait }) => `${percent}%${waited(wait)}`), t("full")].join(" → ")
      : strategy.kind === "blue_green"
        ? waited(strategy.wait)
        : "";
  return (
    <span className="min-w-0">
      <span className="font-medium">{t(`kind.${strategy.kind}`)}</span>
      {way !== "" && <span className="ml-1.5 text-fg-2">{way}</span>}
    </span>
  );
}
