"use client";

import { ArrowRight, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { WaitingDto } from "#lib/home/schema.ts";
import { to } from "./release-number.ts";
import { RetryCopies } from "./retry-copies.tsx";
import { WaitingFact } from "./waiting-fact.tsx";

const LOOKS: Record<WaitingDto["kind"], StateName> = {
  approval: "needs_approval",
  continue: "paused",
  verdict: "needs_verdict",
  turn: "free",
  deploy: "entered",
  flow: "passed",
  deploy_failed: "failed",
  build_failed: "build_failed",
  build_aborted: "build_aborted",
  copy_failed: "error",
};

/** Where the one next action of a row is done. */
function addressOf(row: WaitingDto): string {
  if ((row.kind === "deploy_failed" || row.kind === "continue") && row.deployment !== null)
    return to.deployment(row.deployment);
  if (row.build !== null) return to.build(row.build);
  if ((row.kind === "approval" || row.kind === "deploy") && row.planDigest !== null)
    return to.plan(row.planDigest);
  return to.release(row.release);
}

/** One thing that waits for the reader: what, where, why, since when, and the button that leads there. */
export function WaitingRow({ row, now, first }: { row: WaitingDto; now: string; first: boolean }) {
  const t = useTranslations("home");
  const [only, ...rest] = row.components;
  return (
    <li className="todo">
      <span className="todo-pill">
        <StateBadge pill state={LOOKS[row.kind]} text={t(`kind.${row.kind}`)} />
      </span>
      <div className="todo-two">
        <span className="truncate font-semibold" title={row.title}>
          {row.title}
        </span>
        <span className="flex min-w-0 items-center gap-1.5 text-fg-2">
          <span className="flex-none font-mono text-sm">{row.release}</span>
          <span className="text-fg-3">·</span>
          <span className="min-w-0 truncate" title={row.components.join(", ")}>
            {rest.length === 0 && only !== undefined ? (
              <MiddleText text={only} max={24} />
            ) : (
              t("components", { count: row.components.length })
            )}
          </span>
          {row.environment !== null && (
            <>
              <ArrowRight aria-hidden className="text-fg-3" />
              <Tag icon={row.kind === "approval" ? <ShieldCheck aria-hidden /> : undefined}>
                {row.environment}
              </Tag>
            </>
          )}
        </span>
      </div>
      <WaitingFact row={row} />
      <div className="todo-two">
        <Person {...row.person} />
        <TimeAgo at={row.since} now={now} className="whitespace-nowrap text-fg-3" />
      </div>
      {row.copies === undefined ? (
        <Button
          className="todo-act min-w-[84px] justify-self-end"
          kind={first ? "primary" : "normal"}
          href={addressOf(row)}
        >
          {t(`act.${row.kind}`)}
        </Button>
      ) : (
        <RetryCopies copies={row.copies} first={first} />
      )}
    </li>
  );
}
