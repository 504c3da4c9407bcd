"use client";

import { ArrowRight, History } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { shortDigest } from "#components/ui/text.ts";
import type { PlanDto } from "#lib/plans/schema.ts";

/** A value short enough for a row: digests cut in the middle, ids of templates left out. */
const short = (value: string) =>
  value.replace(/sha256:[0-9a-f]{64}/g, (digest) => shortDigest(digest)).replace(/ \([0-9a-f-]{36}\)$/, "");

/** The plan is no longer what would be computed: what changed since, and a new plan at hand. */
export function StaleNotice({
  plan,
  onRecompute,
  computing,
}: {
  plan: PlanDto;
  onRecompute?: () => void;
  computing: boolean;
}) {
  const t = useTranslations("plans.stale");
  // Carried out, its approvals are history: nothing lapsed.
  const shown = (part: string, value: string) =>
    part === "choice" && t.has(`choice.${value}`) ? t(`choice.${value}`) : short(value);
  const done = plan.deployments.some(({ state }) => state === "succeeded");
  return (
    <Card className="overflow-hidden" role="status">
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1.5 bg-wait-soft px-3.5 py-2.5 text-wait">
        <History aria-hidden />
        <span className="min-w-0 flex-1 font-semibold">
          {t(done ? "titleDone" : "title", { count: plan.changedSince.length })}
        </span>
        {plan.newer !== null ? null : onRecompute ? (
          <Button size="small" loading={computing} onClick={onRecompute}>
            {t("recompute")}
          </Button>
        ) : (
          <Button size="small" href={`/environments/${plan.project}/${plan.environment}`}>
            {t("toHistory")}
          </Button>
        )}
      </header>
      <ul>
        {plan.changedSince.map(({ part, subject, before, after }) => (
          <li
            key={`${part} ${subject}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-0.5 border-t border-line px-3.5 py-2"
          >
            <span className="text-fg-2">{t(`part.${part}`)}</span>
            <span className="min-w-0 font-medium break-words">{subject}</span>
            {part !== "manifests" && (
              <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5 font-mono text-sm">
                <span className="break-all text-fg-3 line-through">
                  {before === null ? t("absent") : shown(part, before)}
                </span>
                <ArrowRight aria-hidden className="text-fg-3" />
                <span className="break-all">{after === null ? t("absent") : shown(part, after)}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
      {plan.newer === null && (
        <p className="border-t border-line px-3.5 py-2 text-sm text-fg-2">{t(done ? "textDone" : "text")}</p>
      )}
    </Card>
  );
}
