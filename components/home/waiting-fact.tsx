"use client";

import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { WaitingDto } from "#lib/home/schema.ts";
import { to } from "./release-number.ts";

/** Where the causes of a row's kind have their texts. */
const CAUSES: Partial<Record<WaitingDto["kind"], string>> = {
  build_failed: "builds.causes",
  build_aborted: "builds.causes",
  copy_failed: "policies.copies.cause",
};

/** The sentence of a failure's cause in the reader's language; the recorded one where there is no text for its code. */
function useCauseText() {
  const t = useTranslations();
  return ({ kind }: WaitingDto, cause: NonNullable<WaitingDto["cause"]>): string => {
    const key = `${CAUSES[kind] ?? "deployments.causes"}.${cause.code}`;
    if (!t.has(key)) return cause.message;
    const facts: Record<string, string | number> = {};
    for (const [name, value] of Object.entries(cause.facts)) {
      if (typeof value === "string" || typeof value === "number") facts[name] = value;
    }
    const needed = [...String(t.raw(key)).matchAll(/\{(\w+)/g)].map((match) => match[1] ?? "");
    return needed.every((name) => name in facts) ? t(key, facts) : cause.message;
  };
}

/** Why the row waits, and what bears on the decision. */
export function WaitingFact({ row }: { row: WaitingDto }) {
  const t = useTranslations("home");
  const causeText = useCauseText();
  const { approval, cause } = row;
  if (row.kind === "approval" && approval !== null) {
    return (
      <div className="todo-two">
        <span className="truncate">{t("changes", { create: approval.create, change: approval.change })}</span>
        <span className="flex min-w-0 flex-wrap items-center gap-1.5">
          <StateBadge
            state={approval.given > 0 ? "approved" : "needs_approval"}
            text={t("agreed", { given: approval.given, required: approval.required })}
          />
          {approval.delete > 0 && (
            <Tag kind="bad" icon={<TriangleAlert aria-hidden />}>
              {t("deletes", { count: approval.delete })}
            </Tag>
          )}
        </span>
      </div>
    );
  }
  if (cause !== null) {
    const text = causeText(row, cause);
    const line = row.kind === "build_failed" ? cause.facts.line : undefined;
    return (
      <div className="todo-two">
        {typeof line === "string" ? (
          <code className="truncate text-sm leading-5" title={line}>
            {line}
          </code>
        ) : (
          <span className="truncate" title={text}>
            {text}
          </span>
        )}
        {row.kind === "copy_failed" && row.environment !== null ? (
          <Link
            href={to.stagePlan(row.release, row.environment)}
            className="truncate text-fg-2 hover:underline"
          >
            {t("sub.copy_failed")}
          </Link>
        ) : (
          <span className="truncate text-fg-2">{t(`sub.${row.kind}`)}</span>
        )}
      </div>
    );
  }
  const ready = row.kind === "deploy" && row.planDigest === null ? "deploy_unplanned" : row.kind;
  return (
    <div className="todo-two">
      <span className="truncate">{t(`fact.${ready}`, { environment: row.environment ?? "" })}</span>
      <span className="truncate text-fg-2">{t(`sub.${ready}`)}</span>
    </div>
  );
}
