"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { environmentsQuery } from "#lib/environments/client.ts";
import type { EnvironmentDto } from "#lib/environments/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { EnvironmentForm } from "./environment-form.tsx";

/** Environments in order of rank, with their rules. */
export function Environments() {
  const t = useTranslations("settings");
  const { data, error, isPending, refetch } = useQuery(environmentsQuery());
  const [editing, setEditing] = useState<EnvironmentDto | "new" | null>(null);
  const items = data?.items ?? [];
  return (
    <Card>
      <CardHeader
        title={t("tab.environments")}
        hint={t("environment.hint")}
        actions={
          <Button size="small" icon={<Plus aria-hidden />} onClick={() => setEditing("new")}>
            {t("environment.add")}
          </Button>
        }
      />
      {isPending && <SkeletonRows rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {items.length > 0 && (
        <Table label={t("tab.environments")} className="table-tight whitespace-nowrap">
          <thead>
            <tr>
              <Th num className="w-16">
                {t("environment.rank")}
              </Th>
              <Th>{t("key")}</Th>
              <Th>{t("environment.kind")}</Th>
              <Th num>{t("environment.approvalsRequired")}</Th>
              <Th>{t("environment.fourEyes")}</Th>
              <Th>{t("environment.validity")}</Th>
              <Th>{t("environment.observe")}</Th>
              <Th>{t("environment.waveGate")}</Th>
              <Th>{t("environment.onFailure")}</Th>
              <Th>{t("environment.registry")}</Th>
              <Th className="w-12">
                <span className="sr-only">{t("edit")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {items.map((environment) => (
              <Tr key={environment.key}>
                <Td num className="text-fg-3">
                  {environment.rank}
                </Td>
                <Td className="whitespace-nowrap">
                  <b>{environment.key}</b> <span className="text-fg-2">{environment.name}</span>
                </Td>
                <Td>
                  <Tag>{t(`environment.kinds.${environment.kind}`)}</Tag>
                </Td>
                <Td num>{environment.approvalsRequired}</Td>
                <Td>{t(environment.fourEyes ? "on" : "off")}</Td>
                <Td>
                  <Duration seconds={environment.approvalMinutes * 60} />
                </Td>
                <Td>
                  <Duration seconds={environment.observeSeconds} />
                </Td>
                <Td>
                  {t(`environment.waveGates.${environment.waveGate}`)}
                  {environment.wavePauseSeconds > 0 && (
                    <span className="text-fg-3">
                      {" "}
                      · <Duration seconds={environment.wavePauseSeconds} />
                    </span>
                  )}
                </Td>
                <Td>{t(`environment.onFailures.${environment.onFailure}`)}</Td>
                <Td>
                  {environment.registry === null ? (
                    <span className="text-fg-3">–</span>
                  ) : (
                    <Tag mono>{environment.registry}</Tag>
                  )}
                </Td>
                <Td>
                  <IconButton
                    size="small"
                    label={t("environment.edit", { key: environment.key })}
                    icon={<Pencil aria-hidden />}
                    onClick={() => setEditing(environment)}
                  />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {editing !== null && (
        <EnvironmentForm
          known={editing === "new" ? null : editing}
          nextRank={Math.max(0, ...items.map(({ rank }) => rank)) + 10}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  );
}
