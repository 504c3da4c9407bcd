"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { KeptBadge } from "#components/kept-images/kept-badge.tsx";
import { Verdicts } from "#components/policies/verdicts.tsx";
import { formatBytes } from "#components/releases/bytes.ts";
import { PageProject } from "#components/shell/page-project.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Copyable, Digest, MiddleText } from "#components/ui/copyable.tsx";
import { DescriptionList, Fact, FactStrip } from "#components/ui/facts.tsx";
import { Columns, PageHeader } from "#components/ui/page.tsx";
import { SkeletonPage } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import { artifactQuery } from "#lib/artifacts/client.ts";
import type { ArtifactDto, ArtifactRegistryDto } from "#lib/artifacts/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { CopyAgain } from "./copy-again.tsx";
import { EvidenceCard } from "./evidence-card.tsx";
import { InspectButton } from "./inspect-button.tsx";
import { LayersCard } from "./layers-card.tsx";
import { ApprovalsCard, OriginCard } from "./origin-card.tsx";
import { RegistriesCard } from "./registries-card.tsx";
import { RunsCard } from "./runs-card.tsx";
import { ScanCard } from "./scan-card.tsx";

/** One image: where it runs, what it is made of, who vouches for it, and the way back to commit, build and people. */
export function ArtifactPage({ id, release }: { id: string; release?: string }) {
  const t = useTranslations("artifacts");
  const { data: artifact, error, refetch } = useQuery(artifactQuery(id, release));
  if (artifact === undefined) {
    return error === null ? (
      <SkeletonPage />
    ) : (
      <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
    );
  }
  const { content, registries } = artifact;
  const [built] = registries;
  return (
    <>
      <PageProject project={artifact.project} />
      <PageHeader
        eyebrow={<Copyable text={artifact.image} label={t("image")} />}
        title={t("title", { component: artifact.component })}
        actions={<InspectButton artifact={artifact.id} />}
        badges={
          <>
            <Digest value={artifact.digest} />
            <KeptBadge digest={artifact.digest} reasons={artifact.kept} />
          </>
        }
      />
      <Standing registries={registries} />
      <FactStrip>
        <Fact label={t("size")} value={artifact.sizeBytes === null ? "–" : formatBytes(artifact.sizeBytes)} />
        <Fact label={t("layers")} value={content === null ? "–" : content.layers.length} />
        <Fact
          label={t("base")}
          value={<BaseValue bases={artifact.bases} />}
          sub={
            artifact.bases
              .slice(0, -1)
              .filter(({ behind }) => behind)
              .map(({ name }) => t("belowBehind", { base: name }))[0]
          }
        />
        <Fact
          label={t("created")}
          value={<ExactTime at={content?.createdAt ?? artifact.createdAt} style="day" />}
        />
        <Fact
          label={t("inspected")}
          value={built?.inspectedAt == null ? "–" : <TimeAgo at={built.inspectedAt} />}
        />
      </FactStrip>
      <Columns
        aside={
          <>
            <OriginCard artifact={artifact} />
            <ApprovalsCard artifact={artifact} />
            <EvidenceCard registries={registries} />
          </>
        }
      >
        <RunsCard project={artifact.project} runs={artifact.runs} />
        <Verdicts release={artifact.release} component={artifact.component} />
        {registries.length > 1 && <RegistriesCard registries={registries} />}
        <ScanCard registries={registries} />
        {content !== null && <LayersCard content={content} bases={artifact.bases} />}
        {content !== null && <Labels labels={content.labels} />}
      </Columns>
    </>
  );
}

/** What stands in the way of believing the rest of the page, of each registry that has the image. */
function Standing({ registries }: { registries: ArtifactRegistryDto[] }) {
  const t = useTranslations("artifacts");
  return registries.map(({ key, name, goneSince, lostCopy, inspectProblem, inspectedAt }) => (
    <Fragment key={key}>
      {goneSince !== null && (
        <Banner
          kind="bad"
          title={t("gone", { name })}
          actions={lostCopy === null ? undefined : <CopyAgain copy={lostCopy} />}
        >
          {t.rich("goneText", { time: () => <ExactTime at={goneSince} style="full" /> })}
        </Banner>
      )}
      {inspectProblem !== null && (
        <Banner kind="wait" title={t(inspectedAt === null ? "neverAsked" : "notAsked", { name })}>
          <ExactTime at={inspectProblem.at} style="full" />{" "}
          <span className="font-mono text-sm break-words">{inspectProblem.message}</span>
        </Banner>
      )}
      {inspectedAt === null && inspectProblem === null && (
        <Banner kind="idle" title={t("asking", { name })} />
      )}
    </Fragment>
  ));
}

/** The base that it was built on, and whether it has moved on since. */
function BaseValue({ bases }: { bases: ArtifactDto["bases"] }) {
  const t = useTranslations("artifacts");
  const base = bases.at(-1);
  if (base === undefined) return "–";
  return (
    <Link
      href={`/base-images?base=${encodeURIComponent(base.key)}`}
      className="flex min-w-0 flex-wrap items-center gap-x-2 hover:underline"
      title={base.digest}
    >
      {base.name}
      <StateBadge
        size="small"
        state={base.behind ? "warning" : "ok"}
        text={t(base.behind ? "baseBehind" : "baseCurrent")}
      />
    </Link>
  );
}

function Labels({ labels }: { labels: Record<string, string> }) {
  const t = useTranslations("artifacts");
  const entries = Object.entries(labels).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return null;
  return (
    <Card>
      <CardHeader title={t("labels")} hint={entries.length} />
      <CardBody>
        <DescriptionList
          className="max-sm:grid-cols-1 max-sm:gap-y-0.5"
          items={entries.map(([name, value]) => ({
            key: name,
            term: <MiddleText text={name} max={44} className="font-mono text-sm" />,
            detail: <span className="font-mono text-sm break-all">{value}</span>,
          }))}
        />
      </CardBody>
    </Card>
  );
}
