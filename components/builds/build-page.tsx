"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { PageProject } from "#components/shell/page-project.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Columns, PageHeader } from "#components/ui/page.tsx";
import { SkeletonPage } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { buildQuery } from "#lib/builds/client.ts";
import type { BuildDto } from "#lib/builds/schema.ts";
import { ProblemError } from "#lib/http/client.ts";
import { BuildActions } from "./build-actions.tsx";
import { BuildFacts } from "./build-facts.tsx";
import { BuildLogCard } from "./build-log.tsx";
import { ArtifactCard, AttemptsCard, ParametersCard, SourceCard } from "./build-side.tsx";

/** One build: how far it is, its log as it comes, what it was made from. Events of the build keep it true. */
export function BuildPage({ id, title }: { id: string; title: string }) {
  const t = useTranslations("builds");
  const [toCause, setToCause] = useState(0);
  const query = useQuery(buildQuery(id));
  useLiveQueries([`build:${id}`], [["build", id]]);
  const build = query.data;
  if (build === undefined) {
    return query.isError ? (
      <ErrorState
        problem={query.error instanceof ProblemError ? query.error.problem : null}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <SkeletonPage />
    );
  }
  return (
    <>
      <PageProject project={build.project} />
      <PageHeader
        sticky
        eyebrow={
          <>
            <Link
              href={`/releases/${encodeURIComponent(build.release)}`}
              className="font-mono text-[0.93em] hover:text-fg hover:underline"
            >
              {build.release}
            </Link>
            <Copyable text={build.release} shown="" label={build.release} />
            <span className="min-w-0 truncate">{title}</span>
          </>
        }
        title={t("title", { component: build.component })}
        badges={
          <>
            <StateBadge
              state={build.state}
              pill
              text={build.abortRequestedAt !== null && build.endedAt === null ? t("aborting") : undefined}
            />
            {build.attempt > 1 && <Tag>{t("attempt", { attempt: build.attempt })}</Tag>}
          </>
        }
        actions={<BuildActions build={build} />}
      />
      <Cause build={build} onShow={() => setToCause((count) => count + 1)} />
      <BuildFacts build={build} />
      <Columns
        aside={
          <>
            <SourceCard build={build} />
            <ArtifactCard build={build} />
            <ParametersCard build={build} />
            <AttemptsCard build={build} />
          </>
        }
      >
        <BuildLogCard build={build} toCause={toCause} />
      </Columns>
    </>
  );
}

/** Why it did not succeed: one sentence, the telling line of the log as evidence. */
function Cause({ build, onShow }: { build: BuildDto; onShow: () => void }) {
  const t = useTranslations("builds");
  const { cause } = build;
  if (cause === null || build.state === "queued" || build.state === "running") return null;
  const facts = { by: "", image: "", fields: "", message: "", ...cause.facts };
  const line = cause.facts.line;
  return (
    <Banner
      kind={build.state === "failed" ? "bad" : build.state === "unknown" ? "wait" : "idle"}
      title={t.has(`causes.${cause.code}`) ? t(`causes.${cause.code}`, facts) : cause.message}
    >
      {typeof line === "string" && (
        <>
          <code className="block text-sm break-words">{line}</code>
          <button type="button" className="underline" onClick={onShow}>
            {t("showInLog")}
          </button>{" "}
        </>
      )}
      {t.has(`causeHints.${cause.code}`) && t(`causeHints.${cause.code}`)}
      {cause.code === "SUPERSEDED" && typeof cause.facts.build === "string" && (
        <Link href={`/builds/${cause.facts.build}`} className="ml-2 underline">
          {t("openNewer")}
        </Link>
      )}
    </Banner>
  );
}
