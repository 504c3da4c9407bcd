import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { ArtifactDto } from "#lib/artifacts/schema.ts";

/** Where an image, or what was built from a commit, was deployed last. @param none said when that is nowhere */
export function RunsCard({
  project,
  runs,
  none,
}: {
  project: string;
  runs: ArtifactDto["runs"];
  none?: string;
}) {
  const t = useTranslations("artifacts");
  return (
    <Card>
      <CardHeader title={t("runs")} hint={runs.length} />
      {runs.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">{none ?? t("runsNowhere")}</p>
      ) : (
        <Table label={t("runs")} className="whitespace-nowrap">
          <thead>
            <tr>
              <Th>{t("environment")}</Th>
              <Th>{t("place")}</Th>
              <Th>{t("deployment")}</Th>
              <Th>{t("since")}</Th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={`${run.environment} ${run.cluster} ${run.namespace} ${run.deployment}`}>
                <Td>
                  <Link
                    href={`/environments/${encodeURIComponent(project)}/${encodeURIComponent(run.environment)}`}
                    className="hover:text-accent"
                  >
                    <Tag>{run.environment}</Tag>
                  </Link>
                </Td>
                <Td>
                  {run.cluster} / {run.namespace}
                </Td>
                <Td>
                  <Link href={`/deployments/${run.deployment}`} className="font-mono hover:underline">
                    {run.release}
                  </Link>
                </Td>
                <Td className="text-fg-2">{run.since === null ? "–" : <TimeAgo at={run.since} />}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
