"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarPlus, Snowflake } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmAction } from "#components/forms/confirm-action.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { cancelFreeze, freezesQuery } from "#lib/freezes/client.ts";
import type { FreezeDto } from "#lib/freezes/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { CreateFreezeDialog } from "./freeze-form.tsx";

const MOMENT = {
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

/** Freeze windows that are planned or in force: of one project, or of all that the reader may see. */
export function FreezesCard({
  project,
  environments,
  mayCreate,
}: {
  /** Left out: the platform's page. New windows then stop every project. */
  project?: string;
  environments: string[];
  mayCreate: boolean;
}) {
  const t = useTranslations("settings");
  const format = useFormatter();
  const { data, error, isPending: loading, refetch } = useQuery(freezesQuery(project));
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<FreezeDto | null>(null);
  const span = (freeze: FreezeDto) =>
    t("freeze.span", {
      from: format.dateTime(new Date(freeze.startsAt), MOMENT),
      until: format.dateTime(new Date(freeze.endsAt), MOMENT),
    });
  return (
    <Card>
      <CardHeader
        title={t("freeze.title")}
        hint={data && data.items.length > 0 ? data.items.length : undefined}
        actions={
          <Button
            size="small"
            icon={<CalendarPlus aria-hidden />}
            disabled={!mayCreate}
            reason={t(project === undefined ? "needsAdmin" : "freeze.needsOps")}
            onClick={() => setAdding(true)}
          >
            {t("freeze.add")}
          </Button>
        }
      />
      {loading && <SkeletonRows rows={2} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <EmptyState icon={<Snowflake aria-hidden />} title={t("freeze.none")}>
          {t("freeze.noneText")}
        </EmptyState>
      )}
      <ul className="px-3.5">
        {data?.items.map((freeze) => (
          <li
            key={freeze.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2.5 last:border-0"
          >
            <StateBadge
              pill
              state={freeze.state === "active" ? "frozen" : "scheduled"}
              text={t(`freeze.state.${freeze.state}`)}
            />
            <span className="min-w-0 flex-1 basis-52">
              <span className="block truncate" title={freeze.reason}>
                {freeze.reason}
              </span>
              <span className="text-fg-3">
                {span(freeze)} · {freeze.createdBy.displayName}
              </span>
            </span>
            <Tag>{freeze.project ?? t("freeze.everyProject")}</Tag>
            <Tag>{freeze.environment}</Tag>
            <Button
              kind="quiet"
              size="small"
              disabled={!freeze.mayCancel}
              reason={
                freeze.mayCancel ? undefined : t(freeze.project === null ? "needsAdmin" : "freeze.needsOps")
              }
              onClick={() => setEnding(freeze)}
            >
              {t(freeze.state === "active" ? "freeze.end" : "freeze.callOff")}
            </Button>
          </li>
        ))}
      </ul>
      {adding && (
        <CreateFreezeDialog project={project} environments={environments} onClose={() => setAdding(false)} />
      )}
      {ending !== null && (
        <ConfirmAction
          title={t("freeze.endTitle")}
          what={t("freeze.endText", {
            environment: ending.environment,
            project: ending.project ?? t("freeze.everyProject"),
            reason: ending.reason,
          })}
          confirm={t("freeze.endConfirm")}
          save={() => cancelFreeze(ending.id)}
          refreshes={[["freezes"]]}
          onClose={() => setEnding(null)}
        />
      )}
    </Card>
  );
}
