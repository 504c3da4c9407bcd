"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Banner } from "#components/ui/banner.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { LogViewer } from "#components/ui/log-viewer.tsx";
import { Columns, PageHeader } from "#components/ui/page.tsx";
import { SkeletonPage } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { buildQuery, logFileUrl } from "#lib/builds/client.ts";
import type { BuildDto } from "#lib/builds/schema.ts";
import { ProblemError } from "#lib/http/client.ts";
import { BuildActions } from "./build-actions.tsx";
import { BuildFacts } from "./build-facts.tsx";
import { ArtifactCard, AttemptsCard, ParametersCard, SourceCard } from "./build-side.tsx";
import { LogAside } from "./log-aside.tsx";
import { findingsOf, stagesOf } from "./log-marks.ts";
import { useBuildLog } from "./use-build-log.ts";

/** One build: how far it is, its log as it comes, what it was made from. Events of the build keep it true. */
export function BuildPage({ id, title }: { id: string; title: string }) {
  const t = useTranslations("builds");
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
      <PageHeader
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
      <Cause build={build} />
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
        <Log build={build} />
      </Columns>
    </>
  );
}

/** Why it did not succeed: one sentence, the telling line of the log as evidence. */
function Cause({ build }: { build: BuildDto }) {
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
      {typeof line === "string" && <code className="block text-sm break-words">{line}</code>}
      {t.has(`causeHints.${cause.code}`) && t(`causeHints.${cause.code}`)}
      {cause.code === "SUPERSEDED" && typeof cause.facts.build === "string" && (
        <Link href={`/builds/${cause.facts.build}`} className="ml-2 underline">
          {t("openNewer")}
        </Link>
      )}
    </Banner>
  );
}

function Log({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  const log = useBuildLog(build.id);
  const [jump, setJump] = useState<{ line: number; key: number }>();
  const stages = useMemo(() => stagesOf(log.lines), [log.lines]);
  const findings = useMemo(() => findingsOf(log.lines), [log.lines]);
  const live = !log.complete && (build.state === "queued" || build.state === "running");
  return (
    <Card className="overflow-hidden">
      {log.failed && (
        <Banner kind="bad" title={t("logFailed")} className="rounded-none">
          <button type="button" className="underline" onClick={log.retry}>
            {t("logRetry")}
          </button>
        </Banner>
      )}
      <LogViewer
        className="h-[max(480px,calc(100dvh-250px))]"
        label={t("log", { component: build.component })}
        lines={log.lines}
        live={live}
        downloadHref={logFileUrl(build.id)}
        jump={jump}
        findings={findings}
        aside={
          <LogAside
            build={build}
            stages={stages}
            findings={findings}
            here={jump?.line}
            onJump={(line) => setJump((before) => ({ line, key: (before?.key ?? 0) + 1 }))}
          />
        }
      />
    </Card>
  );
}
