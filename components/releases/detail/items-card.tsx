"use client";

import { GitBranch } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ArtifactLink } from "#components/artifacts/artifact-link.tsx";
import { CommitLink } from "#components/commits/commit-link.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import { formatBytes } from "../bytes.ts";
import { ComponentIcon } from "../component-icon.tsx";
import { BuildCell } from "./build-cell.tsx";
import { RefMoved } from "./ref-moved.tsx";
import { RefsNewest } from "./refs-newest.tsx";

/** What is released: each component at its commit, its build, the image that came of it. */
export function ItemsCard({ release }: { release: ReleaseDto }) {
  const t = useTranslations("releases.items");
  return (
    <Card>
      <CardHeader
        title={t("title")}
        hint={release.items.length}
        actions={release.state !== "draft" && <RefsNewest release={release} />}
      />
      <Table label={t("title")}>
        <thead>
          <tr>
            <Th>{t("component")}</Th>
            <Th>{t("source")}</Th>
            <Th>{t("build")}</Th>
            <Th>{t("digest")}</Th>
            <Th num>{t("size")}</Th>
          </tr>
        </thead>
        <tbody>
          {release.items.map((item) => (
            <Tr key={item.component}>
              <Td>
                <Link
                  href={`/projects/${encodeURIComponent(release.project)}/components/${encodeURIComponent(item.component)}`}
                  className="inline-flex items-center gap-2 font-medium hover:underline"
                  title={item.componentName}
                >
                  <ComponentIcon kind={item.componentKind} />
                  <MiddleText text={item.component} max={20} className="whitespace-nowrap" />
                </Link>
              </Td>
              <Td>
                <span className="flex items-center gap-1.5">
                  <Tag icon={<GitBranch aria-hidden />} className="max-w-44">
                    <MiddleText text={item.ref} max={24} />
                  </Tag>
                  {item.commit === null ? (
                    <span className="whitespace-nowrap text-sm text-fg-3">{t("notFrozen")}</span>
                  ) : (
                    <span title={item.commitSubject ?? undefined} className="text-fg-3">
                      <CommitLink project={release.project} component={item.component} commit={item.commit} />
                    </span>
                  )}
                </span>
                {item.commit !== null && <RefMoved release={release.number} component={item.component} />}
              </Td>
              <Td>
                {item.build === null ? (
                  <span className="text-fg-3">{t("noBuild")}</span>
                ) : (
                  <BuildCell build={item.build} component={item.component} />
                )}
              </Td>
              <Td>
                {item.artifact === null ? (
                  <span className="text-fg-3">–</span>
                ) : (
                  <span title={item.artifact.image}>
                    <ArtifactLink digest={item.artifact.digest} release={release.number} />
                  </span>
                )}
              </Td>
              <Td num className="whitespace-nowrap text-fg-2">
                {item.artifact?.sizeBytes == null ? "–" : formatBytes(item.artifact.sizeBytes)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
