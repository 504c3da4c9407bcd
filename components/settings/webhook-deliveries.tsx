"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { TimeAgo } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { webhookDeliveriesQuery } from "#lib/webhooks/client.ts";
import type { WebhookDeliveryDto } from "#lib/webhooks/schema.ts";

const STATE_OF = {
  received: "running",
  ignored: "skipped",
  created: "ok",
  updated: "ok",
  refused: "error",
} as const;

/** What a Git host told, newest first, with what came of each. */
export function WebhookDeliveries({ host }: { host: string }) {
  const t = useTranslations("webhooks.deliveries");
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(webhookDeliveriesQuery(host));
  // A release order that a push made leads to its delivery.
  const asked = useSearchParams()?.get("delivery");
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold">{t("title")}</h3>
      {isPending && <SkeletonRows rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && rows.length === 0 && <p className="text-fg-3">{t("none")}</p>}
      {rows.length > 0 && (
        <Table label={t("title")}>
          <thead>
            <tr>
              <Th>{t("time")}</Th>
              <Th>{t("what")}</Th>
              <Th>{t("outcome")}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Tr key={row.id} selected={row.id === asked}>
                <Td className="align-top whitespace-nowrap text-fg-3">
                  <TimeAgo at={row.receivedAt} />
                </Td>
                <Td className="align-top">
                  <span className="block break-words">
                    {row.repository === "" ? row.event : row.repository}{" "}
                    <span className="font-mono text-sm max-sm:block">{row.ref}</span>
                  </span>
                  <span className="text-sm text-fg-3">
                    {row.commit !== null && <span className="font-mono">{shortCommit(row.commit)}</span>}{" "}
                    {row.pusher}
                  </span>
                </Td>
                <Td className="align-top">
                  <Outcome row={row} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {hasNextPage && (
        <div>
          <Button size="small" kind="quiet" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("older")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Outcome({ row }: { row: WebhookDeliveryDto }) {
  const t = useTranslations("webhooks");
  const textOf = (code: string) => (t.has(`reason.${code}`) ? t(`reason.${code}`) : code);
  return (
    <span className="flex flex-col items-start gap-0.5">
      <StateBadge size="small" state={STATE_OF[row.outcome]} text={t(`outcome.${row.outcome}`)} />
      {row.reason !== null && <span className="text-sm text-fg-2">{textOf(row.reason)}</span>}
      {row.rules.map(({ rule, release, code, project, component }) => (
        <span key={rule} className="text-sm text-fg-2">
          {release === null ? (
            `${project}/${component}`
          ) : (
            <Link href={`/releases/${encodeURIComponent(release)}`} className="font-mono hover:underline">
              {release}
            </Link>
          )}
          {code !== null && <span className="ml-1.5 text-fg-3">{textOf(code)}</span>}
        </span>
      ))}
    </span>
  );
}
