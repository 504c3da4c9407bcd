"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatBytes } from "#components/releases/bytes.ts";
import { useServerNow } from "#components/releases/server-now.tsx";
import { Copyable, MiddleText } from "#components/ui/copyable.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Td, Tr } from "#components/ui/table.tsx";
import { shortDigest } from "#components/ui/text.ts";
import { TimeAgo } from "#components/ui/time.tsx";
import type { ArtifactSummaryDto } from "#lib/artifacts/schema.ts";
import { Worst } from "./worst.tsx";

/** One image of the list. */
export function ArtifactRow({
  artifact,
  showProject,
}: {
  artifact: ArtifactSummaryDto;
  showProject: boolean;
}) {
  const t = useTranslations("artifacts");
  const now = useServerNow();
  const { signedBy, base } = artifact;
  const short = shortDigest(artifact.digest);
  return (
    <Tr>
      <Td className="whitespace-nowrap">
        <Copyable
          text={artifact.digest}
          label={short}
          shown={
            <Link href={`/artifacts/${artifact.id}`} className="hover:text-accent hover:underline">
              {short}
            </Link>
          }
        />
      </Td>
      <Td className="whitespace-nowrap">
        <MiddleText text={artifact.component} max={26} className="font-medium" />
      </Td>
      {showProject && (
        <Td className="whitespace-nowrap text-fg-2">
          <MiddleText text={artifact.projectName} max={14} />
        </Td>
      )}
      <Td className="whitespace-nowrap">
        <Link
          href={`/releases/${encodeURIComponent(artifact.release)}`}
          className="font-mono text-[0.93em] hover:underline"
        >
          {artifact.release}
        </Link>
      </Td>
      <Td className="whitespace-nowrap">
        {artifact.gone ? (
          <StateBadge state="error" text={t("list.gone")} />
        ) : signedBy === null ? (
          <span className="text-fg-3">{t("list.asking")}</span>
        ) : (
          <StateBadge
            state={signedBy.length > 0 ? "ok" : "unknown"}
            text={signedBy.length > 0 ? signedBy.join(", ") : t("list.signedBy.no")}
          />
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {artifact.counts === null ? (
          <span className="text-fg-3">{t("list.worst.unscanned")}</span>
        ) : (
          <Worst counts={artifact.counts} />
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {base === null ? (
          <span className="text-fg-3">–</span>
        ) : (
          <Link href={`/base-images?base=${encodeURIComponent(base.key)}`} className="hover:underline">
            {base.behind ? (
              <StateBadge state="warning" text={t("list.isBehind", { base: base.key })} />
            ) : (
              base.key
            )}
          </Link>
        )}
      </Td>
      <Td num className="whitespace-nowrap text-fg-2">
        {artifact.sizeBytes === null ? "–" : formatBytes(artifact.sizeBytes)}
      </Td>
      <Td className="text-right whitespace-nowrap text-fg-3">
        <TimeAgo at={artifact.createdAt} now={now} />
      </Td>
    </Tr>
  );
}
