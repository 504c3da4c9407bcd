"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import { Td, Tr } from "#components/ui/table.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { MovedRefsDto, ReleaseSummaryDto } from "#lib/releases/schema.ts";
import { useServerNow } from "../server-now.tsx";
import { BuildsUnderWay } from "./builds-under-way.tsx";
import { RefsMark } from "./refs-mark.tsx";
import { StageTrack } from "./stage-track.tsx";

export const releaseHref = (number: string) => `/releases/${encodeURIComponent(number)}`;

/** One release order. The number is the link; the rest of the row is a larger place to press. */
export function ReleaseRow({
  release,
  moved,
  selected,
  showProject,
  onOpen,
}: {
  release: ReleaseSummaryDto;
  /** Its refs that point elsewhere by now. */
  moved: MovedRefsDto["items"];
  selected: boolean;
  showProject: boolean;
  onOpen: () => void;
}) {
  const t = useTranslations("releases.list");
  const now = useServerNow();
  const names = release.items.map((item) => item.component);
  return (
    <Tr
      link
      selected={selected}
      data-number={release.number}
      onClick={(event) => {
        const target = event.target;
        if (target instanceof Element && target.closest("a,button") === null) onOpen();
      }}
      className="cursor-pointer"
    >
      <Td className="whitespace-nowrap">
        <Link href={releaseHref(release.number)} className="font-mono text-[0.93em] hover:underline">
          {release.number}
        </Link>
      </Td>
      <Td className="w-full max-w-0 min-w-40 max-sm:min-w-24">
        <span className="flex items-center gap-1.5">
          <span className="truncate" title={release.title}>
            {release.title}
          </span>
          <RefsMark moved={moved} />
        </span>
      </Td>
      {showProject && (
        <Td className="whitespace-nowrap text-fg-2 max-sm:hidden">
          <MiddleText text={release.projectName} max={12} />
        </Td>
      )}
      <Td className="whitespace-nowrap text-fg-2 max-sm:hidden">
        <span title={names.join("\n")}>
          {names.length === 1 ? (
            <MiddleText text={names[0] ?? ""} max={18} />
          ) : (
            t("items", { first: names[0] ?? "", others: names.length - 1 })
          )}
        </span>
      </Td>
      <Td className="max-sm:hidden">
        <StageTrack stages={release.stages} />
      </Td>
      <Td>
        <StateBadge state={asState(release.shown)} className="align-middle" />
        {release.state === "building" && <BuildsUnderWay release={release} />}
      </Td>
      <Td className="max-w-32 max-sm:hidden">
        <Person {...release.createdBy} />
      </Td>
      <Td className="whitespace-nowrap text-right text-fg-3 max-sm:hidden">
        <TimeAgo at={release.createdAt} now={now} />
      </Td>
    </Tr>
  );
}
