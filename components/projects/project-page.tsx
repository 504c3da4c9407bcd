"use client";

import { useQuery } from "@tanstack/react-query";
import { GitPullRequestArrow, Layers, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FreezesCard } from "#components/freezes/freezes-card.tsx";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Columns, Page, PageHeader } from "#components/ui/page.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { componentsQuery } from "#lib/components/client.ts";
import { environmentsQuery, targetsQuery } from "#lib/environments/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { projectQuery } from "#lib/projects/client.ts";
import { BuildsCard } from "./builds-card.tsx";
import { ComponentsCard } from "./components-card.tsx";
import { GrantsCard } from "./grants-card.tsx";
import { MembersCard } from "./members-card.tsx";
import { PathCard } from "./path-card.tsx";
import { EditProjectDialog } from "./project-form.tsx";
import { TargetsCard } from "./targets-card.tsx";
import { TicketsCard } from "./tickets-card.tsx";
import { WebhookRulesCard } from "./webhook-rules-card.tsx";

/** One project: components, path, targets; members and grants at the side. */
export function ProjectPage({
  projectKey,
  administers,
  clusters,
  mayFreeze,
}: {
  projectKey: string;
  /** The platform's admin may set members and targets of every project. */
  administers: boolean;
  clusters: string[];
  mayFreeze: boolean;
}) {
  const t = useTranslations("projects");
  const project = useQuery(projectQuery(projectKey));
  const components = useQuery(componentsQuery(projectKey));
  const targets = useQuery(targetsQuery(projectKey));
  const environments = useQuery(environmentsQuery());
  const [editing, setEditing] = useState(false);
  useLiveQueries(
    [`project:${projectKey}`],
    [
      projectQuery(projectKey).queryKey,
      componentsQuery(projectKey).queryKey,
      targetsQuery(projectKey).queryKey,
      ["freezes"],
    ],
  );
  if (project.data === undefined) {
    return (
      <Page>
        <ErrorState problem={problemOf(project.error)} onRetry={() => void project.refetch()} />
      </Page>
    );
  }
  const { data } = project;
  const mayEdit = data.mayManage || administers;
  const known = [...new Set([...clusters, ...(targets.data?.items ?? []).map(({ cluster }) => cluster)])];
  return (
    <Page>
      <PageHeader
        title={data.name}
        badges={<span className="font-mono text-fg-3">{data.key}</span>}
        meta={data.description === "" ? undefined : data.description}
        actions={
          <>
            <Button icon={<GitPullRequestArrow aria-hidden />} href={`/releases?project=${data.key}`}>
              {t("releases")}
            </Button>
            <Button icon={<Layers aria-hidden />} href={`/environments?project=${data.key}`}>
              {t("environments")}
            </Button>
            <Button
              icon={<Pencil aria-hidden />}
              disabled={!data.mayManage}
              reason={t("needsOwner")}
              onClick={() => setEditing(true)}
            >
              {t("editProject")}
            </Button>
          </>
        }
      />
      <Columns
        aside={
          <>
            <MembersCard project={data} mayEdit={mayEdit} />
            <GrantsCard project={data} />
            <BuildsCard project={data} />
            <TicketsCard project={data} />
          </>
        }
      >
        {components.data ? (
          <ComponentsCard
            project={data.key}
            components={components.data.items}
            mayEdit={data.mayEditCatalog}
          />
        ) : (
          <SkeletonCard rows={4} />
        )}
        {environments.data ? (
          <PathCard project={data} environments={environments.data.items} />
        ) : (
          <SkeletonCard rows={3} />
        )}
        {targets.data ? (
          <TargetsCard project={data} targets={targets.data.items} clusters={known} mayEdit={mayEdit} />
        ) : (
          <SkeletonCard rows={3} />
        )}
        <FreezesCard
          project={data.key}
          environments={data.environments.map(({ key }) => key)}
          mayCreate={mayFreeze}
        />
        <WebhookRulesCard
          project={data.key}
          components={(components.data?.items ?? []).filter(({ archived }) => !archived)}
        />
      </Columns>
      {editing && <EditProjectDialog project={data} onClose={() => setEditing(false)} />}
    </Page>
  );
}
