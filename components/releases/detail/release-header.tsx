"use client";

import { Ticket as TicketIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { TicketLink } from "#components/tickets/ticket-links.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Dot } from "#components/ui/dot.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import type { Ticket } from "#lib/tickets/schema.ts";
import { useServerNow } from "../server-now.tsx";
import type { Freeze } from "./freeze.ts";
import { OriginFact } from "./origin-fact.tsx";
import { ReleaseActions } from "./release-actions.tsx";

/** The others are among the changes; on a phone they would push the title down. */
const [MOST_TICKETS, FEW_TICKETS] = [6, 2] as const;

/** Number, tickets, title, who and when. `tickets` and `commits` come from the changes, when they are there. */
export function ReleaseHeader({
  release,
  tickets,
  commits,
  freezes,
}: {
  release: ReleaseDto;
  tickets: Ticket[];
  commits?: number;
  freezes: readonly Freeze[];
}) {
  const t = useTranslations("releases");
  const now = useServerNow();
  const facts = [
    t("components", { count: release.items.length }),
    ...(commits === undefined ? [] : [t("commits", { count: commits })]),
  ];
  return (
    <PageHeader
      eyebrow={
        <>
          <Copyable text={release.number} />
          <StateBadge state={asState(release.shown)} size="small" />
          {tickets.slice(0, MOST_TICKETS).map((ticket, index) => (
            <Tag
              key={ticket.key}
              icon={<TicketIcon aria-hidden />}
              className={index < FEW_TICKETS ? undefined : "max-sm:hidden"}
            >
              <TicketLink ticket={ticket} />
            </Tag>
          ))}
          {tickets.length > FEW_TICKETS && (
            <span className="text-fg-3 sm:hidden">+{tickets.length - FEW_TICKETS}</span>
          )}
          {tickets.length > MOST_TICKETS && (
            <span className="text-fg-3 max-sm:hidden">+{tickets.length - MOST_TICKETS}</span>
          )}
        </>
      }
      title={release.title}
      meta={
        <>
          <Person {...release.createdBy} />
          <span>
            {t("created")} <TimeAgo at={release.createdAt} now={now} />
          </span>
          <Dot />
          <span>{facts.join(t("comma"))}</span>
          {release.origin !== null && (
            <>
              <Dot />
              <OriginFact project={release.project} origin={release.origin} />
            </>
          )}
        </>
      }
      actions={<ReleaseActions release={release} freezes={freezes} />}
    />
  );
}
