"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Package, Pencil, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { checkRegistry, registriesQuery } from "#lib/registries/client.ts";
import type { RegistryDto } from "#lib/registries/schema.ts";
import { RegistryForm } from "./registries-form.tsx";
import { ServerCard } from "./server-card.tsx";

/** Image registries. */
export function Registries() {
  const t = useTranslations("settings");
  const { data, error, isPending, refetch } = useQuery(registriesQuery());
  const client = useQueryClient();
  const [subject, setSubject] = useState<RegistryDto | "new" | null>(null);
  const check = async (key: string) => {
    const checked = await checkRegistry(key);
    void client.invalidateQueries({ queryKey: registriesQuery().queryKey });
    return checked;
  };
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setSubject("new")}>
          {t("registry.add")}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={<Package aria-hidden />} title={t("registry.none")}>
            {t("registry.noneText")}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((registry) => (
        <ServerCard
          // What a check found with the former address or credential is not shown beside the new one.
          key={`${registry.key} ${registry.version}`}
          name={registry.name}
          code={registry.key}
          stored={registry.findings}
          checkedAt={registry.checkedAt}
          check={() => check(registry.key)}
          actions={
            <Button size="small" icon={<Pencil aria-hidden />} onClick={() => setSubject(registry)}>
              {t("edit")}
            </Button>
          }
          facts={[
            { term: t("registry.url"), detail: <span className="font-mono break-all">{registry.url}</span> },
            {
              term: t("registry.username"),
              detail: <span className="font-mono">{registry.username ?? t("registry.anonymous")}</span>,
            },
            { term: t("usedBy"), detail: t("components", { count: registry.components }) },
          ]}
        />
      ))}
      {subject !== null && (
        <RegistryForm known={subject === "new" ? null : subject} onClose={() => setSubject(null)} />
      )}
    </>
  );
}
