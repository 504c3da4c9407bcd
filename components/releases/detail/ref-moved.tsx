"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { shortCommit } from "#components/ui/text.ts";
import { refsQuery } from "#lib/releases/client.ts";

/**
 * What became of an item's branch or tag since its commit was frozen; nothing while that is not known, or when nothing
 * did. More commits are everyday life; a tag that moved or a history that was rewritten is not.
 */
export function RefMoved({ release, component }: { release: string; component: string }) {
  const t = useTranslations("releases.refs");
  const { data } = useQuery(refsQuery(release));
  const item = data?.items.find((entry) => entry.component === component);
  if (item === undefined || item.state === "same" || item.state === "unknown") return null;
  const { state, ref, commits, newest } = item;
  const facts = {
    ref,
    count: commits,
    subject: newest?.subject ?? "",
    commit: newest === null ? "" : shortCommit(newest.commit),
  };
  return (
    <span
      className={`block max-w-72 truncate text-sm ${state === "ahead" ? "text-fg-3" : "text-wait"}`}
      title={`${t(state, facts)}\n${t("frozenStays")}`}
    >
      {t(state, facts)}
    </span>
  );
}
