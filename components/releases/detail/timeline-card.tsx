"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Face } from "#components/ui/person.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { TimelineRow } from "#components/ui/steps.tsx";
import { shortDigest } from "#components/ui/text.ts";
import { ExactTime } from "#components/ui/time.tsx";
import { ProblemError } from "#lib/http/client.ts";
import { timelineQuery } from "#lib/releases/client.ts";
import type { TimelineDto } from "#lib/releases/schema.ts";
import { LiveMark } from "../live-mark.tsx";
import { FIRST_ENTRIES, MOST_ENTRIES } from "./timeline-limits.ts";

type Entry = TimelineDto["items"][number];

/** Facts that the sentences name; one that an entry lacks is left empty. */
function valuesOf({ facts, subject, subjectId }: Entry): Record<string, string | number> {
  const environment = facts.environment ?? (subject === "stage" ? (subjectId.split("/")[1] ?? "") : "");
  const digest = subject === "plan" ? subjectId : facts.plan;
  const plan = typeof digest === "string" ? shortDigest(digest).replace("sha256:", "") : "";
  return {
    component: "",
    cluster: "",
    state: "",
    attempt: 1,
    position: 1,
    ...facts,
    environment,
    plan,
    digest: typeof facts.digest === "string" ? shortDigest(facts.digest) : "",
  };
}

/** Everything that happened, newest first, from the audit trail; new entries come in as they happen. */
export function TimelineCard({ number }: { number: string }) {
  const t = useTranslations("releases.timeline");
  const [limit, setLimit] = useState(FIRST_ENTRIES);
  const query = useQuery({ ...timelineQuery(number, limit), placeholderData: keepPreviousData });
  const entries = query.data?.items;
  return (
    <Card>
      <CardHeader title={t("title")}>
        <LiveMark />
      </CardHeader>
      {entries === undefined ? (
        query.isError ? (
          <ErrorState
            problem={query.error instanceof ProblemError ? query.error.problem : null}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows rows={5} />
        )
      ) : (
        <ol className="py-1.5" aria-live="polite" aria-relevant="additions">
          {entries.map((entry, index) => (
            <TimelineEntry key={entry.seq} entry={entry} day={startsDay(entry, entries[index - 1])} />
          ))}
        </ol>
      )}
      {query.data?.nextCursor != null && (
        <CardFooter>
          {limit < MOST_ENTRIES ? (
            <button
              type="button"
              className="hover:text-fg hover:underline"
              onClick={() => setLimit(Math.min(MOST_ENTRIES, limit * 3))}
            >
              {t("older")}
            </button>
          ) : (
            t("inAudit")
          )}
        </CardFooter>
      )}
    </Card>
  );
}

/** Whether an entry is the first of another day than the one above it, so that times alone would mislead. */
function startsDay(entry: Entry, above: Entry | undefined): boolean {
  return above !== undefined && new Date(entry.at).toDateString() !== new Date(above.at).toDateString();
}

function TimelineEntry({ entry, day }: { entry: Entry; day: boolean }) {
  const t = useTranslations("releases.timeline");
  const key = entry.action.replace(/[.-]/g, "_");
  const states = useTranslations("states");
  const { comment, state } = entry.facts;
  const values = valuesOf(entry);
  if (typeof state === "string" && states.has(state)) values.state = states(state);
  return (
    <>
      {day && (
        <li className="px-3.5 pt-2.5 pb-1 text-sm text-fg-3">
          <ExactTime at={entry.at} style="day" />
        </li>
      )}
      <TimelineRow
        time={<ExactTime at={entry.at} />}
        who={
          entry.by === null ? <Bot aria-label={t("portal")} className="text-fg-3" /> : <Face {...entry.by} />
        }
        title={
          <span title={entry.by?.displayName}>
            {entry.by !== null && <span className="sr-only">{entry.by.displayName} </span>}
            {t.has(key)
              ? t.rich(key, {
                  ...values,
                  b: (chunks: ReactNode) => <b>{chunks}</b>,
                  m: (chunks: ReactNode) => <span className="font-mono text-[0.93em]">{chunks}</span>,
                })
              : entry.action}
            {typeof comment === "string" && comment !== "" && t("comment", { comment })}
          </span>
        }
      />
    </>
  );
}
