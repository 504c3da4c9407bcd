"use client";

import { useTranslations } from "next-intl";
import type { LiveDto } from "#lib/live/schema.ts";
import { meaningOf } from "./event-meaning.ts";

type LiveEvent = LiveDto["targets"][number]["events"][number];

/** An event in plain words, with the cluster's own word for it beside them: that is what people search for. */
export function EventWords({ event }: { event: LiveEvent }) {
  const t = useTranslations("live.events.words");
  const meaning = meaningOf(event);
  return (
    <span className="min-w-0 break-words">
      {meaning !== null && <span className="mr-2 font-medium">{t(meaning.code, meaning.facts)}</span>}
      <span className={meaning === null ? "font-medium" : "font-mono text-sm text-fg-2"}>{event.reason}</span>
      {event.count > 1 && <span className="ml-1.5 text-fg-3">×{event.count}</span>}
    </span>
  );
}
