"use client";

import { useTranslations } from "next-intl";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { ArtifactScan } from "#lib/artifacts/content.ts";

/** Severities that a row tells; the rest is on the image's page. */
const TOLD = ["critical", "high", "medium"] as const;

/** What a scanner found, in a row's breadth. */
export function Worst({ counts }: { counts: ArtifactScan["counts"] }) {
  const t = useTranslations("artifacts");
  const told = TOLD.filter((severity) => counts[severity] > 0);
  if (told.length === 0) return <StateBadge state="ok" text={t("list.noneBad")} />;
  return (
    <span className="flex gap-1">
      {told.map((severity) => (
        <Tag key={severity} kind={severity === "medium" ? "wait" : "bad"}>
          {t(`severity.${severity}`)} {counts[severity]}
        </Tag>
      ))}
    </span>
  );
}
