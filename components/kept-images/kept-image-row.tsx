"use client";

import { CircleCheck, CircleSlash, Clock3, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ArtifactLink } from "#components/artifacts/artifact-link.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Td, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { KeptImageDto } from "#lib/kept-images/schema.ts";
import { groupReasons } from "./grouped.ts";
import { ReasonTag } from "./reason-tag.tsx";

/** Release orders that are named; the others are counted. */
const NAMED = 3;
const ICON = { set: CircleCheck, waiting: Clock3, failed: TriangleAlert, none: CircleSlash } as const;
const COLOUR = { set: "text-good", waiting: "text-fg-3", failed: "text-bad", none: "text-fg-3" } as const;

/** One image: where it is, why it is kept, and whether its registry was told. */
export function KeptImageRow({ image }: { image: KeptImageDto }) {
  return (
    <Tr>
      <Td className="align-top">
        <span className="flex min-w-52 flex-col gap-0.5">
          <span className="flex items-center gap-2">
            <MiddleText text={image.repository} max={40} className="font-medium" />
            <Tag mono>{image.registry}</Tag>
          </span>
          <ArtifactLink digest={image.digest} release={image.reasons[0]?.release} className="text-fg-2" />
        </span>
      </Td>
      <Td className="align-top">
        <ul className="flex flex-col gap-1">
          {groupReasons(image.reasons).map((group) => (
            <li
              key={`${group.reason} ${group.environments.join()} ${group.releases.join()}`}
              className="flex flex-wrap items-center gap-x-2 gap-y-0.5"
            >
              <ReasonTag group={group} />
              {group.releases.slice(0, NAMED).map((release) => (
                <Link
                  key={release}
                  href={`/releases/${encodeURIComponent(release)}`}
                  className="font-mono text-sm whitespace-nowrap text-fg-2 hover:text-accent hover:underline"
                >
                  {release}
                </Link>
              ))}
              {group.releases.length > NAMED && (
                <span className="text-sm text-fg-3" title={group.releases.slice(NAMED).join(", ")}>
                  +{group.releases.length - NAMED}
                </span>
              )}
            </li>
          ))}
        </ul>
      </Td>
      <Td className="align-top">
        <LabelCell image={image} />
      </Td>
      <Td className="align-top whitespace-nowrap text-fg-2">
        <ExactTime at={image.since} style="day" />
      </Td>
    </Tr>
  );
}

function LabelCell({ image: { label, problem, labelledAt } }: { image: KeptImageDto }) {
  const t = useTranslations("keptImages");
  const Icon = ICON[label];
  const cause = `problem.${problem?.failure ?? ""}`;
  return (
    <span className="flex max-w-80 min-w-40 flex-col gap-0.5">
      <span className="inline-flex items-center gap-1.5">
        <Icon aria-hidden className={COLOUR[label]} />
        {t(`label.${label}`)}
        {label === "set" && labelledAt !== null && (
          <span className="text-sm text-fg-3">
            <ExactTime at={labelledAt} style="day" />
          </span>
        )}
      </span>
      {label === "failed" && problem !== null && (
        <>
          <span className="text-sm text-fg-2">{t.has(cause) ? t(cause) : t("problem.other")}</span>
          <span className="font-mono text-xs break-words text-fg-3">{problem.message}</span>
        </>
      )}
    </span>
  );
}
