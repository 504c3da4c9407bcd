"use client";

import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Card } from "#components/ui/card.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { targetsQuery } from "#lib/environments/client.ts";
import { freezesQuery } from "#lib/freezes/client.ts";
import { LIVE_KEY } from "#lib/live/client.ts";
import type { ProjectDto } from "#lib/projects/schema.ts";
import { EnvironmentCard } from "./environment-card.tsx";

/** The environments on a project's path: what runs, who has them, who waits, when they are frozen, where they live. */
export function EnvironmentList({ project }: { project: Pick<ProjectDto, "key" | "name" | "environments"> }) {
  const t = useTranslations("environments");
  const targets = useQuery(targetsQuery(project.key)).data?.items ?? [];
  const freezes = useQuery(freezesQuery(project.key)).data?.items ?? [];
  useLiveQueries(
    [`project:${project.key}`, ...project.environments.map(({ key }) => `environment:${project.key}/${key}`)],
    [
      ["reservation", project.key],
      [...LIVE_KEY, project.key],
      ["freezes", project.key],
    ],
  );
  return (
    <Page>
      <PageHeader title={t("title")} meta={t("intro", { project: project.name })} />
      {project.environments.length === 0 && (
        <Card>
          <EmptyState icon={<Layers aria-hidden />} title={t("none")}>
            {t("noneText")}
          </EmptyState>
        </Card>
      )}
      <div className="flex flex-col gap-4">
        {project.environments.map((environment) => (
          <EnvironmentCard
            key={environment.key}
            project={project.key}
            environment={environment}
            targets={targets.filter((target) => target.environment === environment.key)}
            freezes={freezes.filter((freeze) => freeze.environment === environment.key)}
          />
        ))}
      </div>
    </Page>
  );
}
