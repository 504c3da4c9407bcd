"use client";

import { RefreshCw, RotateCw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Dot } from "#components/ui/dot.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";
import { EvidenceButton } from "./evidence-button.tsx";

function Standing({ plan }: { plan: PlanDto }) {
  const t = useTranslations("plans");
  const { approvalRule, approvals } = plan;
  const rejected = approvals.some(({ valid, decision }) => valid && decision === "reject");
  if (!plan.current) return <StateBadge state="attention" pill text={t("stale.badge")} />;
  if (rejected) return <StateBadge state="rejected" pill />;
  if (approvalRule.required === 0) return <StateBadge state="ok" pill text={t("approvals.notNeeded")} />;
  return <StateBadge state={approvalRule.satisfied ? "approved" : "needs_approval"} pill />;
}

/** Head of a plan: what it is for, how it stands, who made it and when the world was looked at. */
export function PlanHead({
  plan,
  onRecompute,
  computing,
}: {
  plan: PlanDto;
  /** Left out where the plan is not of a stage (a rollback is planned from the environment's history). */
  onRecompute?: () => void;
  computing: boolean;
}) {
  const t = useTranslations("plans");
  const rollback = plan.kind === "rollback";
  return (
    <PageHeader
      eyebrow={
        <>
          <Copyable
            text={plan.release}
            shown={
              <Link href={`/releases/${plan.release}`} className="hover:text-fg">
                {plan.release}
              </Link>
            }
          />
          <span className="min-w-0 break-words">{plan.title}</span>
        </>
      }
      title={t(rollback ? "rollbackTitle" : "title", { environment: plan.environment })}
      badges={
        <>
          <Standing plan={plan} />
          {plan.blockers.some(({ code }) => code === "FROZEN") && <StateBadge state="frozen" pill />}
        </>
      }
      meta={
        <>
          <Person {...plan.createdBy} />
          <span>{t.rich("madeAgo", { time: () => <TimeAgo at={plan.createdAt} /> })}</span>
          <Dot />
          <span className="inline-flex items-center gap-1.5 text-good">
            <RefreshCw aria-hidden />
            <span>{t.rich("comparedAgo", { time: () => <TimeAgo at={plan.computedAt} /> })}</span>
          </span>
        </>
      }
      actions={
        <>
          {onRecompute && (
            <Button icon={<RotateCw aria-hidden />} loading={computing} onClick={onRecompute}>
              {t("recompute")}
            </Button>
          )}
          <EvidenceButton digest={plan.digest} />
        </>
      }
    />
  );
}
