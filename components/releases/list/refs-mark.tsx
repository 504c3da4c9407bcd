"use client";

import { GitBranch } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MovedRefsDto } from "#lib/releases/schema.ts";

/** A tag that was moved and a ref that is gone ask for a look; a branch that went on is everyday life. */
const QUIET = "elsewhere";

/** That refs of a release order point elsewhere since it froze them: a mark, its words for whoever points or listens. */
export function RefsMark({ moved }: { moved: MovedRefsDto["items"] }) {
  const t = useTranslations("releases.refs");
  if (moved.length === 0) return null;
  const lines = moved.map(({ component, ref, state }) => t(`listed.${state}`, { component, ref }));
  const tone = moved.every(({ state }) => state === QUIET) ? "text-fg-3" : "text-wait";
  return (
    <span className={`inline-flex flex-none ${tone}`} title={[...lines, t("frozenStays")].join("\n")}>
      <GitBranch aria-hidden className="size-3.5!" />
      <span className="sr-only">{[...lines, t("frozenStays")].join(t("listed.comma"))}</span>
    </span>
  );
}
