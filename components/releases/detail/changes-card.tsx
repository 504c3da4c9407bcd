"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CommitLink } from "#components/commits/commit-link.tsx";
import { TicketLinks } from "#components/tickets/ticket-links.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Person } from "#components/ui/person.tsx";
import { Select } from "#components/ui/select.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { ProblemError } from "#lib/http/client.ts";
import type { ChangesDto, ReleaseDto } from "#lib/releases/schema.ts";
import { distinctTickets } from "#lib/tickets/find.ts";
import { useServerNow } from "../server-now.tsx";

const FIRST = 6;

/** Commits since what runs in an environment, over all components, with their tickets. */
export function ChangesCard({
  release,
  against,
  onAgainst,
  changes,
}: {
  release: ReleaseDto;
  against: string;
  onAgainst: (environment: string) => void;
  changes: UseQueryResult<ChangesDto>;
}) {
  const t = useTranslations("releases.changes");
  const all = useTranslations("releases");
  const items = changes.data?.items ?? [];
  const total = items.reduce((sum, item) => sum + item.total, 0);
  const tickets = distinctTickets(items.flatMap((item) => item.tickets)).length;
  return (
    <Card>
      <CardHeader
        title={t("title", { environment: against })}
        hint={
          changes.data === undefined
            ? undefined
            : [all("commits", { count: total }), t("tickets", { count: tickets })].join(all("comma"))
        }
        actions={
          <Select
            small
            className="w-auto!"
            label={t("against")}
            prefix={t("against")}
            value={against}
            onChange={onAgainst}
            options={release.stages.map((stage) => ({
              value: stage.environment,
              label: stage.environment,
              hint: stage.environmentName,
            }))}
          />
        }
      />
      {changes.data === undefined ? (
        changes.isError ? (
          <ErrorState
            problem={changes.error instanceof ProblemError ? changes.error.problem : null}
            onRetry={() => void changes.refetch()}
          />
        ) : (
          <SkeletonRows rows={4} />
        )
      ) : (
        <Commits project={release.project} items={changes.data.items} total={total} />
      )}
    </Card>
  );
}

function Commits({ project, items, total }: { project: string; items: ChangesDto["items"]; total: number }) {
  const t = useTranslations("releases.changes");
  const now = useServerNow();
  const [whole, setWhole] = useState(false);
  const commits = items
    .flatMap((item) => item.commits.map((commit) => ({ ...commit, component: item.component })))
    .sort((a, b) => b.authoredAt.localeCompare(a.authoredAt));
  const unreadable = items.filter(({ problem }) => problem !== null);
  const first = items.filter(({ from, problem }) => from === null && problem === null);
  const shown = whole ? commits : commits.slice(0, FIRST);
  return (
    <>
      {commits.length === 0 && unreadable.length === 0 && (
        <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>
      )}
      {commits.length > 0 && (
        <Table label={t("list")}>
          <tbody>
            {shown.map((commit) => (
              <Tr key={`${commit.component} ${commit.commit}`}>
                <Td className="w-24 text-fg-3">
                  <CommitLink project={project} component={commit.component} commit={commit.commit} />
                </Td>
                <Td className="w-full max-w-0 min-w-44">
                  <span className="block truncate" title={commit.subject}>
                    {commit.subject}
                  </span>
                </Td>
                <Td>
                  <Tag>
                    <MiddleText text={commit.component} max={20} />
                  </Tag>
                </Td>
                <Td className="whitespace-nowrap text-fg-2">
                  <TicketLinks tickets={commit.tickets} />
                </Td>
                <Td className="max-w-36">
                  <Person username={commit.authorName} />
                </Td>
                <Td className="text-right text-fg-3">
                  <TimeAgo at={commit.authoredAt} now={now} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {first.length > 0 && commits.length > 0 && (
        <p className="border-t border-line px-3.5 py-2 text-fg-3">
          {t("nothingThere", { components: first.map(({ component }) => component).join(t("comma")) })}
        </p>
      )}
      {unreadable.map((item) => (
        <p key={item.component} className="border-t border-line px-3.5 py-2 text-bad">
          {item.problem === "REF_NOT_FOUND"
            ? t("refGone", { component: item.component })
            : t("unreadable", { component: item.component })}
        </p>
      ))}
      {total > shown.length && (
        <CardFooter>
          {commits.length > shown.length ? (
            <button type="button" className="hover:text-fg hover:underline" onClick={() => setWhole(true)}>
              {t("more", { count: total - shown.length })}
            </button>
          ) : (
            t("notListed", { count: total - shown.length })
          )}
        </CardFooter>
      )}
    </>
  );
}
