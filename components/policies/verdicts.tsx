"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { IMAGE_VERDICTS_KEY, imageVerdictsQuery } from "#lib/image-policies/client.ts";
import type { ImageFinding, Verdict } from "#lib/image-policies/schema.ts";
import { useFindingText } from "./finding-text.ts";

const LOOK: Readonly<Record<Verdict, StateName>> = {
  free: "skipped",
  passes: "ok",
  waived: "warning",
  refused: "error",
};
/** Findings that a row spells out; the plan has them all. */
const SHOWN = 3;

/** What each environment on the way of a release order would say of one of its images now. */
export function Verdicts({ release, component }: { release: string; component: string }) {
  const t = useTranslations("policies.verdicts");
  const { data } = useQuery(imageVerdictsQuery(release));
  useLiveQueries([`release:${release}`], [IMAGE_VERDICTS_KEY]);
  const rows = (data?.items ?? []).flatMap(({ environment, images }) => {
    const image = images.find((one) => one.component === component);
    return image === undefined ? [] : [{ environment, ...image }];
  });
  if (rows.length === 0) return null;
  return (
    <Card>
      <CardHeader title={t("title")} hint={t("hint")} />
      <ul>
        {rows.map(({ environment, verdict, findings }) => (
          <li
            key={environment}
            className="flex flex-col gap-1 border-b border-line px-3.5 py-2.5 last:border-0"
          >
            <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <Tag>{environment}</Tag>
              <StateBadge state={LOOK[verdict]} text={t(`verdict.${verdict}`)} size="small" />
              {verdict !== "free" && (
                <Link
                  href={`/releases/${encodeURIComponent(release)}/plan/${encodeURIComponent(environment)}`}
                  className="ml-auto text-sm text-fg-2 hover:text-accent hover:underline"
                >
                  {t("plan")}
                </Link>
              )}
            </div>
            <Findings findings={findings} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What is refused, then what is let through, the first few. */
function Findings({ findings }: { findings: readonly ImageFinding[] }) {
  const t = useTranslations("policies.verdicts");
  const textOf = useFindingText();
  const sorted = findings.toSorted((a, b) => Number(a.waivedBy !== null) - Number(b.waivedBy !== null));
  if (sorted.length === 0) return null;
  return (
    <ul className="text-sm text-fg-2">
      {sorted.slice(0, SHOWN).map((finding) => (
        <li key={`${finding.rule} ${finding.subject} ${finding.reason}`} className="break-words">
          {finding.waivedBy === null ? textOf(finding) : t("waived", { finding: textOf(finding) })}
        </li>
      ))}
      {sorted.length > SHOWN && <li className="text-fg-3">{t("more", { count: sorted.length - SHOWN })}</li>}
    </ul>
  );
}
