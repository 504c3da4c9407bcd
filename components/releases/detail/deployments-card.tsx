"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { Faces, Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { DeploymentSummaryDto, ReleaseDto } from "#lib/releases/schema.ts";
import { useServerNow } from "../server-now.tsx";

function Took({ deployment, now }: { deployment: DeploymentSummaryDto; now: string | undefined }) {
  const { startedAt, endedAt } = deployment;
  if (startedAt === null) return "–";
  if (endedAt === null) return <LiveDuration since={startedAt} now={now} />;
  return <Duration seconds={(new Date(endedAt).getTime() - new Date(startedAt).getTime()) / 1000} />;
}

/** Every deployment of the release order, newest first. Not shown before there is one. */
export function DeploymentsCard({ release }: { release: ReleaseDto }) {
  const t = useTranslations("releases.deployments");
  const now = useServerNow();
  if (release.deployments.length === 0) return null;
  return (
    <Card>
      <CardHeader title={t("title")} hint={release.deployments.length} />
      <Table label={t("title")}>
        <thead>
          <tr>
            <Th>{t("environment")}</Th>
            <Th>{t("state")}</Th>
            <Th>{t("by")}</Th>
            <Th>{t("approvedBy")}</Th>
            <Th>{t("plan")}</Th>
            <Th num>{t("took")}</Th>
            <Th className="text-right!">{t("when")}</Th>
          </tr>
        </thead>
        <tbody>
          {release.deployments.map((deployment) => (
            <Tr key={deployment.id}>
              <Td className="whitespace-nowrap">
                <Link href={`/deployments/${deployment.id}`} className="font-medium hover:underline">
                  {deployment.environment}
                </Link>
                {deployment.kind === "rollback" && <Tag className="ml-2">{t("rollback")}</Tag>}
              </Td>
              <Td>
                <StateBadge state={asState(deployment.state)} className="align-middle" />
              </Td>
              <Td className="max-w-32">
                <Person {...deployment.createdBy} />
              </Td>
              <Td>
                {deployment.approvedBy.length === 0 ? (
                  <span className="text-fg-3">–</span>
                ) : (
                  <Faces people={deployment.approvedBy} />
                )}
              </Td>
              <Td>
                <Digest value={deployment.planDigest} plain />
              </Td>
              <Td num className="whitespace-nowrap text-fg-2">
                <Took deployment={deployment} now={now} />
              </Td>
              <Td className="text-right text-fg-3">
                <TimeAgo at={deployment.createdAt} now={now} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
