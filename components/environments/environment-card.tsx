"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ArrowRight, Server, Snowflake } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { z } from "zod";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import type { targetSchema } from "#lib/environments/schema.ts";
import type { FreezeDto } from "#lib/freezes/schema.ts";
import { historyQuery } from "#lib/live/client.ts";
import type { ProjectDto } from "#lib/projects/schema.ts";
import { reservationQuery } from "#lib/reservations/client.ts";
import { Reservation } from "./reservation.tsx";

function Running({ project, environment }: { project: string; environment: string }) {
  const t = useTranslations("environments");
  const { data, isPending } = useInfiniteQuery(historyQuery({ project, environment }));
  if (isPending) return <SkeletonRows rows={2} />;
  const rows = (data?.pages.flatMap(({ items }) => items) ?? []).flatMap((item) =>
    item.images
      .filter(({ component }) => item.current.includes(component))
      .map((image) => ({
        ...image,
        release: item.release,
        endedAt: item.endedAt,
        deployment: item.id,
        by: item.by,
      })),
  );
  if (rows.length === 0) return <p className="px-3.5 py-3 text-fg-2">{t("nothingRuns")}</p>;
  return (
    <ul>
      {rows.map((row) => (
        <li
          key={row.component}
          className="grid min-h-9 grid-cols-[minmax(0,1fr)_max-content] items-center gap-x-3 border-b border-line px-3.5 py-1.5 last:border-0 lg:grid-cols-[minmax(88px,1fr)_minmax(0,1.4fr)_max-content_max-content]"
        >
          <span className="truncate font-medium">{row.component}</span>
          <Link href={`/releases/${row.release}`} className="truncate font-mono text-sm hover:text-accent">
            {row.release}
          </Link>
          <Digest value={row.digest} plain className="max-lg:hidden" />
          <Link
            href={`/deployments/${row.deployment}`}
            className="text-right text-fg-3 hover:text-fg max-lg:hidden"
          >
            <TimeAgo at={row.endedAt} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Freezes({ freezes }: { freezes: FreezeDto[] }) {
  const t = useTranslations("environments");
  return (
    <ul>
      {freezes.map((freeze) => (
        <li key={freeze.id} className="flex gap-2 border-t border-line px-3.5 py-2">
          <Snowflake aria-hidden className="mt-0.5 text-held" />
          <span className="min-w-0">
            <span className={freeze.state === "active" ? "font-medium text-held" : "font-medium"}>
              {t(`freeze.${freeze.state === "active" ? "active" : "planned"}`)}
            </span>{" "}
            <span className="break-words">{freeze.reason}</span>
            <span className="block text-sm text-fg-2">
              <ExactTime at={freeze.startsAt} style="full" /> – <ExactTime at={freeze.endsAt} style="full" />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** One environment of a project at a glance. */
export function EnvironmentCard({
  project,
  environment,
  targets,
  freezes,
}: {
  project: string;
  environment: ProjectDto["environments"][number];
  targets: z.infer<typeof targetSchema>[];
  freezes: FreezeDto[];
}) {
  const t = useTranslations("environments");
  const { data: reservation } = useQuery(reservationQuery({ project, environment: environment.key }));
  const frozen = freezes.find(({ state }) => state === "active");
  return (
    <Card>
      <CardHeader
        className="flex-wrap"
        title={
          <Link href={`/environments/${project}/${environment.key}`} className="hover:text-accent">
            {environment.key}
          </Link>
        }
        hint={environment.name}
        actions={
          <Button
            size="small"
            href={`/environments/${project}/${environment.key}`}
            icon={<ArrowRight aria-hidden />}
          >
            {t("open")}
          </Button>
        }
      >
        <Tag>{t(environment.kind === "controlled" ? "controlled" : "openKind")}</Tag>
        {reservation?.holder ? <StateBadge state="held" pill /> : <StateBadge state="free" pill />}
        {frozen !== undefined && <StateBadge state="frozen" pill />}
      </CardHeader>
      <div className="grid lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
        <div className="min-w-0 border-line lg:border-r">
          <h3 className="px-3.5 pt-2.5 pb-1 text-sm text-fg-3">{t("running")}</h3>
          <Running project={project} environment={environment.key} />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-3.5 py-2 text-fg-2">
            <Server aria-hidden className="text-fg-3" />
            {targets.length === 0
              ? t("noTargets")
              : targets.map(({ cluster, namespace, wave }) => (
                  <span key={`${cluster}/${namespace}`} className="inline-flex items-center gap-1.5">
                    <Tag>{t("wave", { wave })}</Tag>
                    {cluster} <span className="text-fg-3">/ {namespace}</span>
                  </span>
                ))}
          </div>
        </div>
        <div className="min-w-0 max-lg:border-t max-lg:border-line">
          <Reservation project={project} environment={environment.key} reservation={reservation} />
          <Freezes freezes={freezes} />
        </div>
      </div>
    </Card>
  );
}
