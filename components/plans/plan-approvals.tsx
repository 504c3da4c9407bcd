"use client";

import { Fingerprint, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { ApprovalDto, PlanDto } from "#lib/plans/schema.ts";

function Decision({ approval, counted }: { approval: ApprovalDto; counted: boolean }) {
  const t = useTranslations("plans.approvals");
  const roles = useTranslations("roles");
  const role = approval.roles
    .filter((name) => roles.has(name))
    .map((name) => roles(name))
    .join(" / ");
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 border-b border-line px-3.5 py-2.5">
      <Person {...approval.person} role={role || undefined} />
      <StateBadge
        state={approval.decision === "approve" ? "approved" : "rejected"}
        text={
          <>
            <ExactTime at={approval.createdAt} style="minutes" /> {t(approval.decision)}
          </>
        }
      />
      {approval.comment !== "" && (
        <span className="col-span-2 pl-[26px] break-words">{t("quote", { comment: approval.comment })}</span>
      )}
      {approval.decision === "approve" && (
        <span className="col-span-2 pl-[26px] text-sm text-fg-3">
          {counted ? (
            <>
              {t("until")} <ExactTime at={approval.expiresAt} style="full" />
            </>
          ) : (
            t("excluded.DEPLOYS_ITSELF")
          )}
        </span>
      )}
    </li>
  );
}

/** The rule, who decided, who does not count and why, what lapsed and why. */
export function PlanApprovals({ plan, mine }: { plan: PlanDto; mine: string }) {
  const t = useTranslations("plans.approvals");
  const common = useTranslations("common");
  const { approvalRule: rule, approvals } = plan;
  const valid = approvals.filter((approval) => approval.valid);
  const lapsed = approvals.filter((approval) => !approval.valid);
  const outOfCount = (name: string) =>
    rule.excluded.some(({ person, reason }) => person === name && reason === "DEPLOYS_ITSELF");
  const others = rule.excluded.filter(
    ({ person }) => !valid.some(({ person: { displayName } }) => displayName === person),
  );
  return (
    <Card className="flex flex-col">
      <CardHeader
        title={t("title")}
        actions={
          rule.required === 0 ? (
            <StateBadge state="ok" text={t("notNeeded")} />
          ) : (
            <StateBadge
              state={rule.satisfied ? "approved" : "needs_approval"}
              text={
                rule.satisfied ? t("satisfied") : t("given", { given: rule.given, required: rule.required })
              }
            />
          )
        }
      />
      <p className="border-b border-line px-3.5 py-2.5 text-fg-2">
        {rule.required === 0
          ? t(plan.kind === "rollback" ? "ruleRollback" : "ruleNone")
          : t(rule.fourEyes ? "ruleFourEyes" : "rule", { required: rule.required })}
      </p>
      <ul>
        {valid.map((approval) => (
          <Decision
            key={`${approval.person.username} ${approval.createdAt}`}
            approval={approval}
            counted={!outOfCount(approval.person.displayName)}
          />
        ))}
        {rule.required > 0 &&
          others.map(({ person, reason }) => (
            <li
              key={`${person} ${reason}`}
              className="grid min-h-9 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-3.5 py-1.5 text-fg-2"
            >
              <span className="truncate">
                <span className="text-fg">{person}</span>
                <span className="ml-3">{t.has(`excluded.${reason}`) ? t(`excluded.${reason}`) : reason}</span>
              </span>
              <span className="text-fg-3">{person === mine ? common("you") : ""}</span>
            </li>
          ))}
        {lapsed.map((approval) => (
          <li
            key={`${approval.person.username} ${approval.createdAt}`}
            className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2 gap-y-0.5 border-b border-line px-3.5 py-2.5 text-fg-3"
          >
            <RotateCcw aria-hidden className="mt-0.5" />
            <span className="min-w-0">
              {t(`lapsed.${approval.decision}`, { person: approval.person.displayName })}{" "}
              <ExactTime at={approval.createdAt} style="minutes" />
            </span>
            <span className="col-start-2 text-fg-2">
              {approval.voidReason !== null && t.has(`void.${approval.voidReason}`)
                ? t(`void.${approval.voidReason}`)
                : approval.voidReason}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-auto flex gap-2 px-3.5 py-2.5 text-sm text-fg-2">
        <Fingerprint aria-hidden className="mt-px text-fg-3" />
        {t("seal")}
      </p>
    </Card>
  );
}
