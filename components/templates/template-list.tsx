"use client";

import { useQuery } from "@tanstack/react-query";
import { FileCode2, Plus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Person } from "#components/ui/person.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { useRowKeys } from "#components/ui/use-row-keys.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { templatesQuery } from "#lib/templates/client.ts";
import { CreateTemplateDialog } from "./create-template-dialog.tsx";

/** Templates of a project and the global ones, by environment. */
export function TemplateList({
  project,
  environments,
  mayCreate,
}: {
  project: { key: string; name: string };
  environments: { key: string; name: string; mayCreate: boolean }[];
  mayCreate: boolean;
}) {
  const t = useTranslations("templates");
  const { data, error, isPending, refetch } = useQuery(templatesQuery(project.key));
  const [creating, setCreating] = useState(false);
  const list = useRowKeys<HTMLDivElement>();
  const items = data?.items ?? [];
  return (
    <Page>
      <PageHeader
        title={t("title")}
        meta={t("intro", { project: project.name })}
        actions={
          <Button
            kind="primary"
            icon={<Plus aria-hidden />}
            disabled={!mayCreate}
            reason={t("mayNotCreate")}
            onClick={() => setCreating(true)}
          >
            {t("create.verb")}
          </Button>
        }
      />
      {isPending && <SkeletonRows rows={6} />}
      {error !== null && data === undefined && (
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      )}
      <div ref={list} className="flex flex-col gap-4">
        {environments.map((environment) => {
          const own = items.filter((item) => item.environment === environment.key);
          return (
            <Card key={environment.key}>
              <CardHeader title={environment.key} hint={environment.name} />
              {data !== undefined && own.length === 0 && (
                <EmptyState
                  icon={<FileCode2 aria-hidden />}
                  title={t("none", { environment: environment.key })}
                >
                  {t("noneText")}
                </EmptyState>
              )}
              {own.length > 0 && (
                <Table label={t("inEnvironment", { environment: environment.key })}>
                  <thead>
                    <tr>
                      <Th>{t("name")}</Th>
                      <Th>{t("scope")}</Th>
                      <Th>{t("version")}</Th>
                      <Th className="max-md:hidden">{t("changed")}</Th>
                    </tr>
                  </thead>
                  <tbody>
                    {own.map((item) => (
                      <Tr key={item.id} link>
                        <Td className="w-full">
                          <Link
                            href={`/templates/${item.id}?project=${project.key}`}
                            data-row-link
                            className="font-semibold hover:text-accent"
                          >
                            {item.name}
                          </Link>
                        </Td>
                        <Td>
                          <Tag>
                            {item.project === null ? t("global") : (item.component ?? t("ofProject"))}
                          </Tag>
                        </Td>
                        <Td className="font-mono">v{item.version}</Td>
                        <Td className="whitespace-nowrap max-md:hidden">
                          <span className="inline-flex items-center gap-2">
                            <Person {...item.updatedBy} />
                            <span className="text-fg-3">
                              <TimeAgo at={item.updatedAt} />
                            </span>
                          </span>
                        </Td>
                      </Tr>
                    ))}
                  </tbody>
                </Table>
              )}
            </Card>
          );
        })}
      </div>
      <CreateTemplateDialog
        open={creating}
        onClose={() => setCreating(false)}
        project={project.key}
        environments={environments.filter((one) => one.mayCreate)}
        templates={items}
      />
    </Page>
  );
}
