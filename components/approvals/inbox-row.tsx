"use client";

import { Shield, Trash2, Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { InboxItemDto } from "#lib/approvals/schema.ts";

function stateOf({ mine }: InboxItemDto): StateName {
  if (mine === null) return "needs_approval";
  if (!mine.valid) return "void";
  return mine.decision === "approve" ? "approved" : "rejected";
}

/** One plan: what it is, what it would do, since when it waits, and the way to read it. */
export function InboxRow({ item, first }: { item: InboxItemDto; first: boolean }) {
  const t = useTranslations("approvals");
  const { mine, changes } = item;
  // What waits is read where it can be planned again; what was decided, exactly as it was.
  const href =
    mine === null && item.kind === "deploy"
      ? `/releases/${item.release}/plan/${item.environment}`
      : `/plans/${encodeURIComponent(item.digest)}`;
  return (
    <li className="grid gap-x-4 gap-y-2 border-b border-line px-3.5 py-3 last:border-0 hover:bg-hover/60 md:grid-cols-[112px_minmax(0,1fr)_minmax(0,250px)_max-content] md:items-center">
      <div className="flex items-center justify-between gap-2 md:flex-col md:items-start md:gap-0.5">
        <StateBadge state={stateOf(item)} size="small" />
        <span className="text-sm text-fg-3">
          <TimeAgo at={mine?.createdAt ?? item.computedAt} />
        </span>
      </div>
      <div className="min-w-0">
        <Link
          href={href}
          data-row-link
          className="block truncate font-semibold hover:text-accent"
          title={item.title}
        >
          {item.title}
        </Link>
        <div className="mt-1 flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-fg-2">
          <Tag icon={item.kind === "rollback" ? <Undo2 aria-hidden /> : <Shield aria-hidden />}>
            {item.environment}
          </Tag>
          <span className="font-mono text-sm">{item.release}</span>
          <Person {...item.createdBy} />
        </div>
        {mine !== null && mine.comment !== "" && (
          <p className="mt-1 truncate text-fg-2" title={mine.comment}>
            {t("quote", { comment: mine.comment })}
          </p>
        )}
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <span className="text-fg-2">{t("changes", { create: changes.create, change: changes.change })}</span>
        {changes.delete > 0 && (
          <Tag kind="bad" icon={<Trash2 aria-hidden />}>
            {t("deletes", { count: changes.delete })}
          </Tag>
        )}
        <span className="text-sm text-fg-3">
          {t("given", { given: item.given, required: item.required })}
        </span>
      </div>
      <Button href={href} kind={first ? "primary" : "normal"} className="max-md:w-full">
        {t(mine === null ? "review" : "open")}
      </Button>
    </li>
  );
}
