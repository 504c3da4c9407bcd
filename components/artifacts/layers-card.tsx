"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatBytes } from "#components/releases/bytes.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { ArtifactContent } from "#lib/artifacts/content.ts";
import type { ArtifactDto } from "#lib/artifacts/schema.ts";

/** Whose layer it is: the lowest base that has it, or the image's own. */
function LayerOf({ base }: { base: ArtifactDto["bases"][number] | undefined }) {
  const t = useTranslations("artifacts");
  if (base === undefined) return <span className="text-fg-2">{t("ownLayer")}</span>;
  return (
    <Link
      href={`/base-images?base=${encodeURIComponent(base.key)}`}
      className="hover:text-accent hover:underline"
    >
      {base.name}
    </Link>
  );
}

/** What the image is made of, bottom first, with the instruction that made each layer. */
export function LayersCard({ content, bases }: { content: ArtifactContent; bases: ArtifactDto["bases"] }) {
  const t = useTranslations("artifacts");
  const { layers, platforms } = content;
  return (
    <Card>
      <CardHeader title={t("layers")} hint={layers.length}>
        {platforms.map(({ digest, os, architecture }) => (
          <Tag key={digest} mono>
            {os}/{architecture}
          </Tag>
        ))}
      </CardHeader>
      {platforms.length > 1 && (
        <p className="border-b border-line px-3.5 py-2 text-fg-2">{t("firstPlatform")}</p>
      )}
      {layers.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">{t(content.goneSince === null ? "noLayers" : "goneLayers")}</p>
      ) : (
        <Table label={t("layers")}>
          <thead>
            <tr>
              <Th num>#</Th>
              <Th>{t("digest")}</Th>
              {bases.length > 0 && <Th>{t("layerOf")}</Th>}
              <Th>{t("createdBy")}</Th>
              <Th num>{t("size")}</Th>
            </tr>
          </thead>
          <tbody>
            {layers.map((layer, index) => (
              <tr key={`${String(index)} ${layer.digest}`}>
                <Td num className="w-10 text-fg-3">
                  {index + 1}
                </Td>
                <Td className="w-52">
                  <Digest value={layer.digest} />
                </Td>
                {bases.length > 0 && (
                  <Td className="whitespace-nowrap">
                    <LayerOf base={bases.find(({ layers: count }) => index < count)} />
                  </Td>
                )}
                <Td
                  className="w-full max-w-0 min-w-40 truncate font-mono text-sm text-fg-2"
                  title={layer.createdBy ?? undefined}
                >
                  {layer.createdBy ?? "–"}
                </Td>
                <Td num className="whitespace-nowrap text-fg-2">
                  {formatBytes(layer.sizeBytes)}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
