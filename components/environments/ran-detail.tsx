"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import type { useRanText } from "./use-ran-text.ts";
import type { RanItem, RanLane } from "./what-ran-model.ts";

const LOOK: Readonly<Record<string, StateName>> = {
  now: "ok",
  unsure: "attention",
  replaced: "superseded",
  undone: "rolled_back",
};

/** One thing of a bar in words: which release order, when, who, how it ended. */
export function RanDetail({
  lane,
  item,
  textOf,
}: {
  lane: RanLane;
  item: RanItem | null;
  textOf: ReturnType<typeof useRanText>;
}) {
  const t = useTranslations("live.ran");
  const components = lane.components.join(", ");
  if (item === null)
    return (
      <p className="min-w-0 text-fg-2">
        <span className="font-medium text-fg">{components}</span> {t("nothingThen")}
      </p>
    );
  const { deployment, ending, state, period, by, end, title } = textOf(item);
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 leading-6">
      <Link
        href={`/releases/${item.release}`}
        className="font-mono text-sm leading-6 font-medium hover:text-accent"
      >
        {item.release}
      </Link>
      {title !== null && (
        <span className="max-w-64 min-w-0 truncate text-fg-2" title={title}>
          {title}
        </span>
      )}
      <span className="max-w-64 min-w-0 truncate text-fg-3" title={components}>
        {components}
      </span>
      <span className="text-fg-2">{period}</span>
      <span className="text-fg-2">{by}</span>
      <StateBadge state={LOOK[ending] ?? state} size="small" text={end} className="whitespace-normal!" />
      {deployment !== undefined && (
        <Link href={`/deployments/${deployment.id}`} className="text-accent hover:underline">
          {t("open")}
        </Link>
      )}
    </p>
  );
}
