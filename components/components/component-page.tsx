"use client";

import { useQuery } from "@tanstack/react-query";
import { Box, GitBranch, GitPullRequestArrow, Package } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useLive } from "#components/live/live-provider.tsx";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { LinkTabs } from "#components/ui/tabs.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { componentQuery } from "#lib/components/client.ts";
import type { RunningConfigDto } from "#lib/components/running-schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import type { ProjectDto } from "#lib/projects/schema.ts";
import { BuildTab } from "./build-tab.tsx";
import { ConfigTab } from "./config-tab.tsx";
import { VariablesTab } from "./variables-tab.tsx";

const TABS = ["config", "variables", "build"] as const;

/** One component: its config in every environment, its build variables, how it is built. */
export function ComponentPage({
  project,
  component: key,
  running,
}: {
  project: Pick<ProjectDto, "key" | "environments">;
  component: string;
  running: RunningConfigDto[];
}) {
  const t = useTranslations("components");
  const projects = useTranslations("projects");
  const router = useRouter();
  const wanted = useSearchParams()?.get("tab");
  const tab = TABS.find((name) => name === wanted) ?? "config";
  const { data, error, refetch } = useQuery(componentQuery(project.key, key));
  useLiveQueries(
    [`project:${project.key}`],
    [componentQuery(project.key, key).queryKey, ["config", project.key, key]],
  );
  // What runs is read by the server with the page: a finished deployment renders it again.
  useLive([`project:${project.key}`], ({ type }) => {
    if (type === "deployment.succeeded") router.refresh();
  });
  if (data === undefined) {
    return (
      <Page>
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      </Page>
    );
  }
  const path = `/projects/${project.key}/components/${key}`;
  return (
    <>
      <Page className="pb-0!">
        <PageHeader
          title={
            <span className="inline-flex items-center gap-2">
              <Box aria-hidden className="size-[18px]! text-fg-2" />
              {data.key}
            </span>
          }
          badges={
            <>
              <Tag>{projects.has(`kinds.${data.kind}`) ? projects(`kinds.${data.kind}`) : data.kind}</Tag>
              {data.archived && <StateBadge pill state="disabled" text={projects("archived")} />}
              <span className="text-fg-2">{data.name}</span>
            </>
          }
          meta={
            <span className="flex min-w-0 flex-wrap gap-x-4 gap-y-1">
              <span className="inline-flex min-w-0 items-center gap-1.5">
                <GitBranch aria-hidden />
                <Copyable text={data.gitUrl} label={projects("repository")} />
              </span>
              <span className="inline-flex min-w-0 items-center gap-1.5">
                <Package aria-hidden />
                <Copyable text={data.imageRepository} label={t("imageRepository")} />
              </span>
            </span>
          }
          actions={
            <Button
              icon={<GitPullRequestArrow aria-hidden />}
              href={`/releases?project=${project.key}&component=${key}`}
            >
              {projects("releases")}
            </Button>
          }
        />
        <LinkTabs
          label={t("tabs")}
          items={TABS.map((name) => ({
            href: name === "config" ? path : `${path}?tab=${name}`,
            label: t(`tab.${name}`),
            ...(name === "variables" ? { count: data.variables.length } : {}),
            current: name === tab,
          }))}
        />
      </Page>
      {tab === "config" && (
        <ConfigTab
          project={project.key}
          component={key}
          environments={project.environments}
          running={running}
        />
      )}
      {tab === "variables" && <VariablesTab component={data} />}
      {tab === "build" && <BuildTab component={data} />}
    </>
  );
}
