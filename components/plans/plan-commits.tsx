"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { TicketLinks } from "#components/tickets/ticket-links.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { TimeAgo } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { changesQuery } from "#lib/releases/client.ts";
import { distinctTickets } from "#lib/tickets/find.ts";

const SHOWN = 8;

/** Commits between what runs in the environment and what the plan brings. */
export function PlanCommits({ release, environment }: { release: string; environment: string }) {
  const t = useTranslations("plans.commits");
  const [all, setAll] = useState(false);
  const { data, error, isPending, refetch } = useQuery(changesQuery(release, environment));
  const items = data?.items ?? [];
  const commits = items.flatMap(({ component, componentName, commits: own }) =>
    own.map((commit) => ({ ...commit, component, componentName })),
  );
  const total = items.reduce((sum, item) => sum + item.total, 0);
  const tickets = distinctTickets(items.flatMap((item) => item.tickets)).length;
  const shown = all ? commits : commits.slice(0, SHOWN);
  const failed = items.filter(({ problem }) => problem !== null);
  return (
    <Card>
      <CardHeader
        title={t("title", { environment })}
        hint={data === undefined ? undefined : t("counts", { commits: total, tickets })}
      />
      {isPending && <SkeletonRows rows={4} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {failed.map(({ component, componentName }) => (
        <p key={component} className="border-b border-line px-3.5 py-2.5 text-wait">
          {t("unreadable", { component: componentName })}
        </p>
      ))}
      {data !== undefined && commits.length === 0 && failed.length === 0 && (
        <p className="px-3.5 py-3 text-fg-2">{t("none")}</p>
      )}
      {shown.length > 0 && (
        <Table label={t("title", { environment })}>
          <tbody>
            {shown.map((commit) => (
              <Tr key={`${commit.component} ${commit.commit}`}>
                <Td className="w-20 font-mono text-sm">{shortCommit(commit.commit)}</Td>
                <Td
                  className="w-full max-w-0 truncate max-sm:max-w-none max-sm:whitespace-normal"
                  title={commit.subject}
                >
                  {commit.subject}
                </Td>
                <Td className="max-sm:hidden">
                  <Tag>{commit.component}</Tag>
                </Td>
                <Td className="whitespace-nowrap text-fg-2 max-md:hidden">
                  <TicketLinks tickets={commit.tickets} />
                </Td>
                <Td className="whitespace-nowrap max-md:hidden">{commit.authorName}</Td>
                <Td className="text-right whitespace-nowrap text-fg-3 max-md:hidden">
                  <TimeAgo at={commit.authoredAt} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {commits.length > SHOWN && (
        <CardFooter>
          <Button kind="quiet" size="small" onClick={() => setAll(!all)}>
            {all ? t("fold") : t("more", { count: commits.length - SHOWN })}
          </Button>
          {total > commits.length && (
            <span className="text-fg-3">{t("beyond", { count: total - commits.length })}</span>
          )}
        </CardFooter>
      )}
    </Card>
  );
}
