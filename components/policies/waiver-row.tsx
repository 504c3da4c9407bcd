"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import type { WaiverDto } from "#lib/waivers/schema.ts";
import { subjectText } from "./ask-waiver.tsx";

export type WaiverAct = "grant" | "decline" | "revoke";

const LOOK = {
  asked: "needs_approval",
  granted: "approved",
  declined: "rejected",
  revoked: "cancelled",
  ended: "expired",
} as const satisfies Record<WaiverDto["state"], StateName>;

/** One waiver: what it lets through, where, why and until when; who asked, who answers for it, who decided. */
export function WaiverRow({ waiver, onAct }: { waiver: WaiverDto; onAct: (act: WaiverAct) => void }) {
  const t = useTranslations("policies");
  const { actions, owner, askedBy, decidedBy } = waiver;
  return (
    <li className="grid gap-x-4 gap-y-2 border-b border-line px-3.5 py-3 last:border-0 md:grid-cols-[112px_minmax(0,1fr)_max-content] md:items-center">
      <div className="flex items-center gap-2 md:flex-col md:items-start md:gap-0.5">
        <StateBadge state={LOOK[waiver.state]} text={t(`waiver.state.${waiver.state}`)} size="small" />
        <span className="text-sm text-fg-3">
          <TimeAgo at={waiver.decidedAt ?? waiver.createdAt} />
        </span>
      </div>
      <div className="min-w-0">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <b className="break-words">{subjectText(t, waiver.subject)}</b>
          <Tag>{waiver.environment}</Tag>
          <Tag mono>
            {waiver.component === null ? t("waiver.whole", { project: waiver.project }) : waiver.component}
          </Tag>
          {waiver.release !== null && (
            <Link href={`/releases/${waiver.release}`} className="font-mono text-sm hover:text-accent">
              {waiver.release}
            </Link>
          )}
        </div>
        <p className="mt-1 break-words text-fg-2">{waiver.reason}</p>
        <div className="mt-1 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-fg-3">
          {owner.username === askedBy.username ? (
            <Person {...askedBy} role={t("waiver.askedAndOwner")} />
          ) : (
            <>
              <Person {...askedBy} role={t("waiver.askedBy")} />
              <Person {...owner} role={t("waiver.owner")} />
            </>
          )}
          {decidedBy !== null && <Person {...decidedBy} role={t("waiver.decidedBy")} />}
          <span>
            {t.rich("waiver.until", { time: () => <ExactTime at={waiver.expiresAt} style="day" /> })}
          </span>
        </div>
        {waiver.comment !== "" && (
          <p className="mt-1 break-words text-fg-2">{t("waiver.quote", { comment: waiver.comment })}</p>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {actions.decide.allowed && (
          <>
            <Button size="small" kind="danger" onClick={() => onAct("decline")}>
              {t("waiver.decline.confirm")}
            </Button>
            <Button size="small" kind="primary" onClick={() => onAct("grant")}>
              {t("waiver.grant.confirm")}
            </Button>
          </>
        )}
        {actions.revoke.allowed && !actions.decide.allowed && (
          <Button size="small" onClick={() => onAct("revoke")}>
            {t("waiver.revoke.confirm")}
          </Button>
        )}
      </div>
    </li>
  );
}
