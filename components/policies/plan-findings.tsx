"use client";

import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { ImageFinding } from "#lib/image-policies/schema.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { openWaiversQuery } from "#lib/waivers/client.ts";
import { AskWaiver } from "./ask-waiver.tsx";
import { useFindingText } from "./finding-text.ts";

/** A scanner may name hundreds. */
const SHOWN = 10;

/** What the environment's image policy says of a plan's images: what holds it back first, then what is let through. */
export function PlanFindings({ plan }: { plan: PlanDto }) {
  const t = useTranslations("policies.plan");
  const [all, setAll] = useState(false);
  const [asking, setAsking] = useState<ImageFinding | null>(null);
  const { data } = useQuery({
    ...openWaiversQuery(plan.project, plan.environment),
    enabled: plan.findings.some(({ waivedBy }) => waivedBy === null),
  });
  if (plan.findings.length === 0) return null;
  const askedFor = ({ component, subject }: ImageFinding) =>
    data?.items.some(
      (one) => one.subject === subject && (one.component === null || one.component === component),
    ) ?? false;
  const actionFor = (finding: ImageFinding) => {
    if (finding.waivedBy !== null || plan.kind === "rollback") return null;
    if (askedFor(finding)) return <StateBadge state="needs_approval" text={t("asked")} size="small" />;
    if (!plan.actions.waive.allowed) return null;
    return (
      <Button size="small" onClick={() => setAsking(finding)}>
        {t("ask")}
      </Button>
    );
  };
  const open = plan.findings.filter(({ waivedBy }) => waivedBy === null);
  const waived = plan.findings.filter(({ waivedBy }) => waivedBy !== null);
  const sorted = [...open, ...waived];
  const hidden = all ? 0 : Math.max(0, sorted.length - SHOWN);
  return (
    <Card>
      <CardHeader title={t("title", { environment: plan.environment })}>
        {open.length > 0 && (
          <StateBadge
            state={plan.kind === "rollback" ? "warning" : "error"}
            text={t("open", { count: open.length })}
          />
        )}
        {waived.length > 0 && <span className="text-fg-3">{t("waived", { count: waived.length })}</span>}
      </CardHeader>
      {plan.kind === "rollback" && open.length > 0 && (
        <p className="border-b border-line px-3.5 py-2 text-sm text-fg-2">{t("rollback")}</p>
      )}
      <ul>
        {sorted.slice(0, sorted.length - hidden).map((finding) => (
          <FindingRow
            key={`${finding.component} ${finding.rule} ${finding.subject} ${finding.reason}`}
            finding={finding}
            action={actionFor(finding)}
          />
        ))}
      </ul>
      {hidden > 0 && (
        <CardFooter>
          <Button kind="quiet" size="small" onClick={() => setAll(true)}>
            {t("more", { count: hidden })}
          </Button>
        </CardFooter>
      )}
      {asking !== null && (
        <AskWaiver
          key={`${asking.component} ${asking.subject}`}
          plan={plan}
          finding={asking}
          onClose={() => setAsking(null)}
        />
      )}
    </Card>
  );
}

function FindingRow({ finding, action }: { finding: ImageFinding; action: ReactNode }) {
  const t = useTranslations("policies");
  const textOf = useFindingText();
  const { component, severity, rule, waivedBy } = finding;
  const bad = severity === "critical" || severity === "high";
  return (
    <li className="grid grid-cols-[15px_minmax(0,1fr)] items-start gap-x-2.5 gap-y-2 border-b border-line px-3.5 py-2.5 last:border-0 sm:grid-cols-[15px_minmax(0,1fr)_max-content]">
      {waivedBy === null ? (
        <ShieldAlert aria-hidden className="mt-0.5 text-bad" />
      ) : (
        <ShieldCheck aria-hidden className="mt-0.5 text-wait" />
      )}
      <div className="min-w-0">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <Tag mono>{component}</Tag>
          <Tag kind={bad ? "bad" : undefined}>
            {severity === null ? t(`rule.${rule}`) : t(`severity.${severity}`)}
          </Tag>
          <span className="min-w-0 break-words">{textOf(finding)}</span>
        </div>
        {waivedBy !== null && (
          <p className="mt-0.5 text-sm break-words text-fg-2">
            {t.rich("plan.waivedBy", {
              owner: waivedBy.owner,
              reason: waivedBy.reason,
              time: () => <ExactTime at={waivedBy.expiresAt} style="day" />,
            })}
          </p>
        )}
      </div>
      {action !== null && <div className="max-sm:col-start-2">{action}</div>}
    </li>
  );
}
