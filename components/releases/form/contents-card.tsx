"use client";

import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Face } from "#components/ui/person.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { distinctTickets } from "#lib/tickets/find.ts";
import type { Ticket } from "#lib/tickets/schema.ts";
import type { Content } from "./use-contents.ts";

const SHOWN = 3;

export type Sums = {
  components: number;
  commits: number;
  atLeast: boolean;
  tickets: Ticket[];
  authors: number;
  /** Some of it is not known yet. */
  loading: boolean;
};

/** Totals over what is picked. */
export function sumsOf(contents: readonly Content[]): Sums {
  const commits = contents.flatMap(({ beyond }) => beyond?.commits ?? []);
  return {
    components: contents.length,
    commits: commits.length,
    atLeast: contents.some(({ beyond }) => beyond?.atLeast === true),
    tickets: distinctTickets(commits.flatMap(({ tickets }) => tickets)),
    authors: new Set(commits.map(({ authorName }) => authorName)).size,
    loading: contents.some((content) => content.loading),
  };
}

/** What the release order would contain beyond what runs in the last environment. */
export function ContentsCard({
  contents,
  environment,
  number,
}: {
  contents: Content[];
  environment: string;
  /** Of an order that is there already. */
  number?: string;
}) {
  const t = useTranslations("releases.form");
  const sums = sumsOf(contents);
  const plus = sums.atLeast ? "+" : "";
  // Nothing is counted before all of it is known.
  const known = (value: string) => (sums.loading ? "…" : value);
  const totals = [
    ["components", `${sums.components}`],
    ["commits", known(`${sums.commits}${plus}`)],
    ["tickets", known(`${sums.tickets.length}${plus}`)],
    ["authors", known(`${sums.authors}`)],
  ] as const;
  return (
    <Card>
      <CardHeader
        title={t("contains")}
        actions={<span className="text-fg-3">{t("since", { environment })}</span>}
      />
      <div className="border-b border-line px-3.5 py-3">
        {number !== undefined && <b className="font-mono text-[17px] leading-6">{number}</b>}
        <div className="text-fg-3">{t(number === undefined ? "numberLater" : "numberFixed")}</div>
      </div>
      <dl className="flex justify-between gap-2 border-b border-line px-3.5 py-2.5">
        {totals.map(([name, value]) => (
          <div key={name} className="flex flex-row-reverse items-baseline gap-1">
            <dt className="whitespace-nowrap">
              {t(`sum.${name}`, { count: Number.parseInt(value, 10) || 0 })}
            </dt>
            <dd className="font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      {contents.length === 0 && <CardBody className="text-fg-3">{t("pickFirst")}</CardBody>}
      {contents.map((content) => (
        <Part key={content.component.key} content={content} />
      ))}
    </Card>
  );
}

function Part({ content }: { content: Content }) {
  const t = useTranslations("releases.form");
  const { component, beyond, head, running } = content;
  const commits = beyond?.commits ?? [];
  return (
    <div className="border-b border-line px-3.5 py-2.5 last:border-0">
      <div className="mb-1 flex items-baseline gap-2">
        <span className="truncate font-medium">{component.key}</span>
        <span className="truncate font-mono text-xs text-fg-3">
          {running === null ? "–" : shortCommit(running)} →{" "}
          {head === undefined ? "…" : shortCommit(head.commit)}
        </span>
        {beyond !== undefined && (
          <span className="ml-auto whitespace-nowrap text-fg-2">
            {t("commitCount", { count: commits.length })}
            {beyond.atLeast && "+"}
          </span>
        )}
      </div>
      {commits.slice(0, SHOWN).map((commit) => (
        <div
          key={commit.commit}
          className="grid h-[26px] grid-cols-[56px_minmax(0,1fr)_20px] items-center gap-2"
        >
          <span className="font-mono text-[0.93em] text-fg-3">{shortCommit(commit.commit)}</span>
          <span className="truncate" title={commit.subject}>
            {commit.subject}
          </span>
          <Face username={commit.authorName} />
        </div>
      ))}
      {commits.length > SHOWN && (
        <p className="pl-16 text-fg-2">{t("moreCommits", { count: commits.length - SHOWN })}</p>
      )}
    </div>
  );
}

type Overlap = {
  number: string;
  title: string;
  parts: (Content["overlaps"][number] & { component: string; checking: boolean })[];
};

/** Other release orders on their way that carry a picked component, each once. */
export function overlapsOf(contents: readonly Content[]): Overlap[] {
  const found = new Map<string, Overlap>();
  for (const content of contents) {
    for (const order of content.overlaps) {
      const known = found.get(order.number) ?? { number: order.number, title: order.title, parts: [] };
      known.parts.push({ ...order, component: content.component.key, checking: content.loading });
      found.set(order.number, known);
    }
  }
  return [...found.values()];
}

/** What another order brings and the picked code lacks would be undone by reaching an environment after it. */
export function OverlapCard({ overlap }: { overlap: Overlap }) {
  const t = useTranslations("releases.form");
  return (
    <Card className="shadow-[inset_0_3px_var(--wait-solid),var(--shadow)]">
      <CardBody className="flex flex-col gap-1">
        <p className="state k-wait">
          <TriangleAlert aria-hidden />
          <span>
            {t("overlaps")}{" "}
            <Link
              href={`/releases/${encodeURIComponent(overlap.number)}`}
              className="font-mono text-[0.93em] underline"
            >
              {overlap.number}
            </Link>
          </span>
        </p>
        <p className="truncate text-fg-3" title={overlap.title}>
          {overlap.title}
        </p>
        <ul className="flex flex-col gap-0.5 text-fg-2">
          {overlap.parts.map((part) => (
            <li key={part.component}>
              {t.rich(
                part.commit === null
                  ? "overlapOpen"
                  : part.checking
                    ? "overlapChecking"
                    : part.contained === true
                      ? "overlapContained"
                      : part.contained === false
                        ? "overlapLacks"
                        : "overlapUnknown",
                {
                  component: part.component,
                  ref: part.ref,
                  commit: shortCommit(part.commit ?? ""),
                  b: (chunks) => <b className="text-fg">{chunks}</b>,
                  m: (chunks) => <span className="font-mono text-[0.93em]">{chunks}</span>,
                },
              )}
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}
