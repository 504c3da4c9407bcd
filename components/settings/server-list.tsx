"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment, type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import type { ServerNoun } from "./server-noun.ts";

/** Every registered system of one kind, and the form that registers or changes one. */
export function ServerList<T extends { key: string; version: number }>({
  noun,
  icon,
  result: { data, error, isPending, refetch },
  card,
  form,
}: {
  noun: ServerNoun;
  icon: ReactNode;
  result: UseQueryResult<{ items: T[] }>;
  card: (server: T, edit: () => void) => ReactNode;
  /** `known` null: a new one. */
  form: (known: T | null, close: () => void) => ReactNode;
}) {
  const t = useTranslations("settings");
  const [subject, setSubject] = useState<T | "new" | null>(null);
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setSubject("new")}>
          {t(`${noun}.add`)}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={icon} title={t(`${noun}.none`)}>
            {t(`${noun}.noneText`)}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((server) => (
        // What a check found with the former address or credential is not shown beside the new one.
        <Fragment key={`${server.key} ${server.version}`}>{card(server, () => setSubject(server))}</Fragment>
      ))}
      {subject !== null && form(subject === "new" ? null : subject, () => setSubject(null))}
    </>
  );
}
