"use client";

import { Check, CircleX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { type Coded, useCodeText } from "#components/ui/code-text.ts";
import { BlockerList } from "#components/ui/problem.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";

function useCheckText() {
  const text = useCodeText();
  return (check: Coded) =>
    text(
      [`plans.checks.${check.code}`, `deployments.checks.${check.code}`, `policies.blockers.${check.code}`],
      check,
    );
}

/** What stands in the way, each with who can lift it. */
export function PlanBlockers({ plan }: { plan: PlanDto }) {
  const t = useTranslations("plans.blocked");
  const { blockers } = plan;
  return (
    <Card>
      <CardHeader title={t("title")} hint={blockers.length > 0 ? blockers.length : undefined} />
      {blockers.length === 0 ? (
        <p className="flex items-center gap-2 px-3.5 py-3 text-good">
          <StateBadge state="ok" text={t("none")} />
        </p>
      ) : (
        <BlockerList blockers={blockers} className="px-3.5 py-1" />
      )}
    </Card>
  );
}

/** What was looked at: failures and warnings by name, the rest in short. */
export function PlanChecks({ plan }: { plan: PlanDto }) {
  const t = useTranslations("plans.readiness");
  const textOf = useCheckText();
  const of = (state: string) => plan.checks.filter((check) => check.state === state);
  const [passed, warned, failed] = [of("ok"), of("warning"), of("failed")];
  return (
    <Card className="flex-1">
      <CardHeader
        className="flex-wrap"
        title={t("title")}
        actions={
          <span className="text-fg-3">
            <ExactTime at={plan.computedAt} />
          </span>
        }
      >
        <StateBadge state="ok" text={t("passed", { count: passed.length })} />
        {warned.length > 0 && <StateBadge state="warning" text={t("warned", { count: warned.length })} />}
        {failed.length > 0 ? (
          <StateBadge state="error" text={t("failed", { count: failed.length })} />
        ) : (
          <span className="text-fg-3">{t("failed", { count: 0 })}</span>
        )}
      </CardHeader>
      <ul>
        {[...failed, ...warned].map((check) => (
          <li
            key={`${check.code} ${check.message}`}
            className="grid grid-cols-[15px_minmax(0,1fr)] gap-2.5 border-b border-line px-3.5 py-2.5 last:border-0"
          >
            {check.state === "failed" ? (
              <CircleX aria-hidden className="mt-0.5 text-bad" />
            ) : (
              <TriangleAlert aria-hidden className="mt-0.5 text-wait" />
            )}
            <span className="min-w-0 break-words">{textOf(check)}</span>
          </li>
        ))}
      </ul>
      <ul className="grid gap-x-3 gap-y-1 px-3.5 py-3 text-sm text-fg-2 sm:grid-cols-2">
        {passed.map((check) => (
          <li key={`${check.code} ${check.message}`} className="flex min-w-0 items-center gap-1.5">
            <Check aria-hidden className="size-[13px] text-good" />
            <span className="truncate" title={textOf(check)}>
              {textOf(check)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
