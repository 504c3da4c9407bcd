"use client";

import { useQuery } from "@tanstack/react-query";
import { ExternalLink, GitCommitHorizontal } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ArtifactLink } from "#components/artifacts/artifact-link.tsx";
import { RunsCard } from "#components/artifacts/runs-card.tsx";
import { TicketLinks } from "#components/tickets/ticket-links.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Columns, PageHeader } from "#components/ui/page.tsx";
import { SkeletonPage } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { ExactTime } from "#components/ui/time.tsx";
import { commitPageQuery } from "#lib/commits/client.ts";
import type { CommitPageDto } from "#lib/commits/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { AboutCard } from "./about-card.tsx";
import { CommitLink } from "./commit-link.tsx";

/** One commit of a component: who wrote what, where it is released, what was built from it. */
export function CommitPage(place: { project: string; component: string; commit: string }) {
  const t = useTranslations("commits");
  const { data: page, error, refetch } = useQuery(commitPageQuery(place));
  if (page === undefined) {
    return error === null ? (
      <SkeletonPage />
    ) : (
      <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
    );
  }
  const { commit, problem } = page;
  return (
    <>
      <PageHeader
        eyebrow={
          <>
            <Tag icon={<GitCommitHorizontal aria-hidden />}>{page.componentName}</Tag>
            <Copyable text={page.sha} label={t("commit")} shown={shortCommit(page.sha)} />
          </>
        }
        title={commit?.subject ?? t("title", { commit: shortCommit(page.sha) })}
        meta={
          commit !== null &&
          commit.tickets.length > 0 && (
            <>
              {t("tickets")} <TicketLinks tickets={commit.tickets} />
            </>
          )
        }
        actions={
          page.url !== null && (
            <Button href={page.url} icon={<ExternalLink aria-hidden />}>
              {t("onHost")}
            </Button>
          )
        }
      />
      {commit === null && (
        <Banner kind="wait" title={t(problem === null ? "lost" : "unread")}>
          {t("fromRecord")}
        </Banner>
      )}
      {commit !== null && commit.reachable !== true && (
        <Banner kind="wait" title={t(commit.reachable === null ? "unread" : "unreachable")}>
          {t(commit.reachable === null ? "fromCopy" : "unreachableText")}
        </Banner>
      )}
      <Columns aside={<Before page={page} />}>
        {commit !== null && <AboutCard project={page.project} component={page.component} commit={commit} />}
        <Releases page={page} />
        <Builds page={page} />
        <RunsCard project={page.project} runs={page.runs} none={t("runsNowhere")} />
      </Columns>
    </>
  );
}

function Releases({ page }: { page: CommitPageDto }) {
  const t = useTranslations("commits");
  return (
    <Card>
      <CardHeader title={t("releases")} hint={page.releases.length} />
      {page.releases.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">{t("noReleases")}</p>
      ) : (
        <Table label={t("releases")}>
          <thead>
            <tr>
              <Th>{t("number")}</Th>
              <Th>{t("releaseTitle")}</Th>
              <Th>{t("relation")}</Th>
              <Th>{t("state")}</Th>
              <Th>{t("created")}</Th>
            </tr>
          </thead>
          <tbody>
            {page.releases.map((release) => (
              <Tr key={release.number}>
                <Td className="whitespace-nowrap">
                  <Link
                    href={`/releases/${encodeURIComponent(release.number)}`}
                    className="font-mono text-[0.93em] hover:underline"
                  >
                    {release.number}
                  </Link>
                </Td>
                <Td className="w-full max-w-0 min-w-40">
                  <span className="block truncate" title={release.title}>
                    {release.title}
                  </span>
                </Td>
                <Td className="whitespace-nowrap text-fg-2">{t(`relations.${release.relation}`)}</Td>
                <Td className="whitespace-nowrap">
                  <StateBadge state={asState(release.state)} />
                </Td>
                <Td className="whitespace-nowrap text-fg-2">
                  <ExactTime at={release.createdAt} style="full" />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

/** Every build of the commit with the image that came of it. */
function Builds({ page }: { page: CommitPageDto }) {
  const t = useTranslations("commits");
  return (
    <Card>
      <CardHeader title={t("builds")} hint={page.builds.length} />
      {page.builds.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">{t("noBuilds")}</p>
      ) : (
        <Table label={t("builds")}>
          <thead>
            <tr>
              <Th>{t("build")}</Th>
              <Th>{t("state")}</Th>
              <Th>{t("image")}</Th>
              <Th>{t("ended")}</Th>
            </tr>
          </thead>
          <tbody>
            {page.builds.map((build) => {
              const image = page.artifacts.find(({ release }) => release === build.release);
              return (
                <Tr key={build.id}>
                  <Td className="whitespace-nowrap">
                    <Link href={`/builds/${build.id}`} className="hover:text-accent hover:underline">
                      {t("buildOf", { release: build.release, attempt: build.attempt })}
                    </Link>
                  </Td>
                  <Td className="whitespace-nowrap">
                    <StateBadge state={asState(build.state)} />
                  </Td>
                  <Td className="whitespace-nowrap">
                    {image === undefined || build.state !== "succeeded" ? (
                      <span className="text-fg-3">–</span>
                    ) : (
                      <ArtifactLink digest={image.digest} release={image.release} />
                    )}
                  </Td>
                  <Td className="whitespace-nowrap text-fg-2">
                    {build.endedAt === null ? "–" : <ExactTime at={build.endedAt} style="full" />}
                  </Td>
                </Tr>
              );
            })}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function Before({ page }: { page: CommitPageDto }) {
  const t = useTranslations("commits");
  if (page.before.length === 0) return null;
  return (
    <Card>
      <CardHeader title={t("before")} />
      <ul>
        {page.before.map((commit) => (
          <li
            key={commit.commit}
            className="flex flex-col gap-0.5 border-t border-line px-3.5 py-2 first:border-0"
          >
            <span className="break-words">{commit.subject}</span>
            <span className="flex flex-wrap items-center gap-x-2 text-sm text-fg-3">
              <CommitLink project={page.project} component={page.component} commit={commit.commit} />
              {commit.authorName}
              <ExactTime at={commit.authoredAt} style="day" />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
