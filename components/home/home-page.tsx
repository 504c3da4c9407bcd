"use client";

import { useQuery } from "@tanstack/react-query";
import { FolderPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { Card } from "#components/ui/card.tsx";
import { Columns, Page } from "#components/ui/page.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { homeQuery } from "#lib/home/client.ts";
import { ProblemError } from "#lib/http/client.ts";
import { Activity } from "./activity.tsx";
import { Agenda } from "./agenda.tsx";
import { BuildsCard } from "./builds-card.tsx";
import { Matrix } from "./matrix.tsx";
import { WaitingList } from "./waiting-list.tsx";

/** An event stream's address has an end; a reader of more projects than this hears the first of them. */
const HEARD = 40;

/** Home: what waits for me, then the versions of my projects. */
export function HomePage({ username }: { username: string }) {
  const t = useTranslations("home");
  const { data, error, refetch } = useQuery(homeQuery());
  const projects = data?.projects ?? [];
  const topics = projects.slice(0, HEARD).map(({ key }) => `project:${key}`);
  useLiveQueries([`user:${username}`, ...topics], [homeQuery().queryKey]);
  if (data === undefined) {
    return (
      <Page>
        <ErrorState
          problem={error instanceof ProblemError ? error.problem : null}
          onRetry={() => void refetch()}
        />
      </Page>
    );
  }
  return (
    <ServerNowProvider now={data.now}>
      <Page>
        <h1 className="sr-only">{t("title")}</h1>
        <WaitingList rows={data.waiting} now={data.now} />
        <Columns
          aside={
            <>
              <BuildsCard topics={topics} />
              <Agenda agenda={data.agenda} />
              <Activity entries={data.activity} now={data.now} />
            </>
          }
        >
          {projects.length === 0 ? (
            <Card>
              <EmptyState icon={<FolderPlus aria-hidden />} title={t("noProject")}>
                {t("noProjectText")}
              </EmptyState>
            </Card>
          ) : (
            <Matrix projects={projects} now={data.now} />
          )}
        </Columns>
      </Page>
    </ServerNowProvider>
  );
}
