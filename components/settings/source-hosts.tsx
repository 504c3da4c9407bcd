"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { GitBranch, Pencil, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { checkSourceHost, sourceHostsQuery } from "#lib/source-hosts/client.ts";
import type { SourceHostDto } from "#lib/source-hosts/schema.ts";
import { ServerCard } from "./server-card.tsx";
import { SourceHostForm } from "./source-hosts-form.tsx";

/** Git hosts with their credentials' kinds and what their last check found. */
export function SourceHosts() {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(sourceHostsQuery());
  /** What the form is about: a new host, or one that is there. */
  const [subject, setSubject] = useState<SourceHostDto | "new" | null>(null);
  const check = async (key: string) => {
    const checked = await checkSourceHost(key);
    void client.invalidateQueries({ queryKey: sourceHostsQuery().queryKey });
    return checked;
  };
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setSubject("new")}>
          {t("sourceHost.add")}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={<GitBranch aria-hidden />} title={t("sourceHost.none")}>
            {t("sourceHost.noneText")}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((host) => (
        <ServerCard
          // What a check found with the former address or credential is not shown beside the new one.
          key={`${host.key} ${host.version}`}
          name={host.name}
          code={host.key}
          stored={host.findings}
          checkedAt={host.checkedAt}
          check={() => check(host.key)}
          actions={
            <Button size="small" icon={<Pencil aria-hidden />} onClick={() => setSubject(host)}>
              {t("edit")}
            </Button>
          }
          facts={[
            {
              term: t("sourceHost.host"),
              detail: <span className="font-mono break-all">{host.host}</span>,
            },
            { term: t("credential"), detail: t(`sourceHost.kind.${host.credentialKind}`) },
            ...(host.username === null
              ? []
              : [
                  {
                    term: t("sourceHost.username"),
                    detail: <span className="font-mono">{host.username}</span>,
                  },
                ]),
            { term: t("usedBy"), detail: t("components", { count: host.components }) },
          ]}
        />
      ))}
      {subject !== null && (
        <SourceHostForm known={subject === "new" ? null : subject} onClose={() => setSubject(null)} />
      )}
    </>
  );
}
