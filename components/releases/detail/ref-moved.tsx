"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { shortCommit } from "#components/ui/text.ts";
import { refsQuery } from "#lib/releases/client.ts";

/** More commits, and a host that is away for a while, are everyday life; a tag must not move at all. */
const TONES = {
  ahead: "text-fg-3",
  unknown: "text-fg-3",
  rewritten: "text-wait",
  gone: "text-wait",
  moved: "text-bad",
};

/**
 * What became of an item's branch or tag since its commit was frozen; nothing while that is being asked, or when nothing
 * did.
 */
export function RefMoved({ release, component }: { release: string; component: string }) {
  const t = useTranslations("releases.refs");
  const { data } = useQuery(refsQuery(release));
  const item = data?.items.find((entry) => entry.component === component);
  if (item === undefined || item.state === "same") return null;
  const { state, ref, commits, newest } = item;
  const facts = {
    ref,
    count: commits,
    subject: newest?.subject ?? "",
    commit: newest === null ? "" : shortCommit(newest.commit),
  };
  return (
    <span
      className={`mt-0.5 block max-w-72 text-sm ${state === "ahead" ? "truncate" : "break-words"} ${TONES[state]}`}
      title={`${t(state, facts)}\n${t("frozenStays")}`}
    >
      {t(state, facts)}
    </span>
  );
}
