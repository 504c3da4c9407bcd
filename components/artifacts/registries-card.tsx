"use client";

import { useTranslations } from "next-intl";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { signedBy } from "#lib/artifacts/content.ts";
import type { ArtifactRegistryDto } from "#lib/artifacts/schema.ts";
import { Worst } from "./worst.tsx";

/** Where the image lies, and what each of these registries says of it. */
export function RegistriesCard({ registries }: { registries: ArtifactRegistryDto[] }) {
  const t = useTranslations("artifacts");
  return (
    <Card>
      <CardHeader title={t("registries.title")} hint={registries.length} />
      <Table label={t("registries.title")}>
        <thead>
          <tr>
            <Th>{t("registries.registry")}</Th>
            <Th>{t("registries.image")}</Th>
            <Th>{t("signatures")}</Th>
            <Th>{t("scan")}</Th>
            <Th>{t("registries.asked")}</Th>
          </tr>
        </thead>
        <tbody>
          {registries.map((registry) => (
            <tr key={registry.key}>
              <Td>
                <span className="flex flex-wrap items-center gap-1">
                  <span className="whitespace-nowrap">{registry.name}</span>
                  {registry.built && <Tag>{t("registries.built")}</Tag>}
                  {registry.environments.map((key) => (
                    <Tag key={key}>{key}</Tag>
                  ))}
                </span>
              </Td>
              <Td className="max-w-64">
                <Copyable text={registry.image} label={t("image")} />
              </Td>
              <Td className="whitespace-nowrap">
                <Signed registry={registry} />
              </Td>
              <Td className="whitespace-nowrap">
                <Found registry={registry} />
              </Td>
              <Td className="whitespace-nowrap text-fg-2">
                {registry.inspectedAt === null ? "–" : <TimeAgo at={registry.inspectedAt} />}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <CardFooter>{t("registries.rule")}</CardFooter>
    </Card>
  );
}

function Signed({ registry }: { registry: ArtifactRegistryDto }) {
  const t = useTranslations("artifacts");
  const { goneSince, inspectProblem, evidence } = registry;
  if (goneSince !== null) return <StateBadge size="small" state="failed" text={t("list.gone")} />;
  if (evidence === null) {
    if (inspectProblem === null) return <span className="text-fg-3">{t("list.asking")}</span>;
    return <StateBadge size="small" state="warning" text={t("registries.notAsked")} />;
  }
  const signed = signedBy(evidence).length > 0;
  return (
    <StateBadge
      size="small"
      state={signed ? "ok" : "unknown"}
      text={t(signed ? "registries.signed" : "registries.unsigned")}
    />
  );
}

function Found({ registry }: { registry: ArtifactRegistryDto }) {
  const t = useTranslations("artifacts");
  const { inspectedAt, scan } = registry;
  if (inspectedAt === null) return <span className="text-fg-3">–</span>;
  if (scan?.state === "done") return <Worst counts={scan.counts} />;
  return <span className="text-fg-3">{t(`registries.scan.${scan?.state ?? "never"}`)}</span>;
}
