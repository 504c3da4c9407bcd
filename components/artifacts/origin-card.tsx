"use client";

import { ExternalLink } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { CommitLink } from "#components/commits/commit-link.tsx";
import { CommitSubject } from "#components/tickets/commit-subject.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { ArtifactDto } from "#lib/artifacts/schema.ts";

const LINK = "hover:text-accent hover:underline";

/** Where the image comes from, one click each: the commit, the build with its log, the release order. */
export function OriginCard({ artifact }: { artifact: ArtifactDto }) {
  const t = useTranslations("artifacts");
  const { build, commit } = artifact;
  return (
    <Card>
      <CardHeader title={t("origin")} />
      <CardBody>
        <DescriptionList
          items={[
            {
              key: "commit",
              term: t("commit"),
              detail: (
                <span className="flex flex-col gap-0.5">
                  <CommitLink project={artifact.project} component={artifact.component} commit={commit} />
                  {artifact.commitUrl !== null && (
                    <a
                      href={artifact.commitUrl}
                      target="_blank"
                      rel="noreferrer noopener"
                      className={`${LINK} text-sm text-fg-2`}
                    >
                      {t("onHost")} <ExternalLink aria-hidden className="inline size-3!" />
                    </a>
                  )}
                  {artifact.commitSubject !== null && (
                    <span className="break-words text-fg-2">
                      <CommitSubject project={artifact.project} subject={artifact.commitSubject} />
                    </span>
                  )}
                  {artifact.commitAuthor !== null && (
                    <span className="text-fg-3">{artifact.commitAuthor}</span>
                  )}
                </span>
              ),
            },
            {
              key: "build",
              term: t("build"),
              detail: (
                <span className="flex flex-col gap-0.5">
                  <Link href={`/builds/${build.id}`} className={LINK}>
                    {t("buildOf", { component: artifact.component, attempt: build.attempt })}
                  </Link>
                  <Person {...build.triggeredBy} />
                  {build.endedAt !== null && (
                    <span className="text-fg-3">
                      <ExactTime at={build.endedAt} style="full" />
                    </span>
                  )}
                </span>
              ),
            },
            {
              key: "release",
              term: t("release"),
              detail: (
                <span className="flex flex-col gap-0.5">
                  <Link
                    href={`/releases/${encodeURIComponent(artifact.release)}`}
                    className={`${LINK} font-mono`}
                  >
                    {artifact.release}
                  </Link>
                  <span className="break-words text-fg-2">{artifact.releaseTitle}</span>
                </span>
              ),
            },
          ]}
        />
      </CardBody>
    </Card>
  );
}

/** Who decided on the release order's plans; each leads to the plan that was read. */
export function ApprovalsCard({ artifact }: { artifact: ArtifactDto }) {
  const t = useTranslations("artifacts");
  const { approvals } = artifact;
  return (
    <Card>
      <CardHeader title={t("approvals")} hint={approvals.length} />
      {approvals.length === 0 && <p className="px-3.5 py-3 text-fg-2">{t("noApprovals")}</p>}
      <ul>
        {approvals.map((approval) => (
          <li
            key={`${approval.plan} ${approval.person.username} ${approval.createdAt}`}
            className="flex flex-wrap items-center gap-x-2 gap-y-0.5 border-t border-line px-3.5 py-2 first:border-0"
          >
            <Person {...approval.person} />
            <StateBadge
              state={approval.voided ? "void" : approval.decision === "approve" ? "approved" : "rejected"}
            />
            <Link href={`/plans/${encodeURIComponent(approval.plan)}`} className={`${LINK} ml-auto`}>
              {t("planOf", { environment: approval.environment })}
            </Link>
            <span className="w-full text-sm text-fg-3">
              <ExactTime at={approval.createdAt} style="full" />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
