"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Server } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { checkCluster, clustersQuery } from "#lib/clusters/client.ts";
import type { ClusterDto } from "#lib/clusters/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { ClusterForm } from "./clusters-form.tsx";
import { ServerCard } from "./server-card.tsx";

/** Clusters with what their last check found. */
export function Clusters() {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(clustersQuery());
  /** What the form is about: a new cluster, or one that is there. */
  const [subject, setSubject] = useState<ClusterDto | "new" | null>(null);
  const check = async (key: string) => {
    const checked = await checkCluster(key);
    void client.invalidateQueries({ queryKey: clustersQuery().queryKey });
    return checked;
  };
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setSubject("new")}>
          {t("cluster.add")}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={<Server aria-hidden />} title={t("cluster.none")}>
            {t("cluster.noneText")}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((cluster) => (
        <ServerCard
          key={cluster.key}
          name={cluster.name}
          code={cluster.key}
          stored={cluster.findings}
          checkedAt={cluster.checkedAt}
          check={() => check(cluster.key)}
          actions={
            <Button size="small" icon={<Pencil aria-hidden />} onClick={() => setSubject(cluster)}>
              {t("edit")}
            </Button>
          }
          facts={[
            {
              term: t("cluster.server"),
              detail: <span className="font-mono break-all">{cluster.server}</span>,
            },
            { term: t("cluster.targets"), detail: cluster.targets },
            {
              term: t("credential"),
              detail: t(cluster.hasCredential ? "credentialStored" : "credentialNone"),
            },
          ]}
        />
      ))}
      {subject !== null && (
        <ClusterForm known={subject === "new" ? null : subject} onClose={() => setSubject(null)} />
      )}
    </>
  );
}
