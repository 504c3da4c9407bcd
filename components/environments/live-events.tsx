"use client";

import { CircleCheck, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { EventWords } from "./event-words.tsx";
import { type LiveTarget, shortDigests } from "./live-model.ts";

const SHOWN = 12;

/** The clusters' latest events, warnings first within their minute; the newest above. */
export function LiveEvents({ targets }: { targets: LiveTarget[] }) {
  const t = useTranslations("live.events");
  const events = targets
    .flatMap(({ cluster, events: own }) => own.map((event) => ({ ...event, cluster })))
    .sort((a, b) => (b.at ?? "").localeCompare(a.at ?? ""))
    .slice(0, SHOWN);
  return (
    <Card className="@container">
      <CardHeader title={t("title")} hint={events.length} />
      {events.length === 0 && <p className="px-3.5 py-3 text-fg-2">{t("none")}</p>}
      <ul>
        {events.map((event) => (
          <li
            key={`${event.cluster} ${event.at} ${event.object} ${event.reason} ${event.message}`}
            className="grid grid-cols-[64px_15px_minmax(0,1fr)] items-baseline gap-x-2.5 gap-y-0.5 border-b border-line px-3.5 py-1.5 last:border-0 @4xl:grid-cols-[64px_15px_minmax(0,5fr)_minmax(0,6fr)_minmax(0,240px)_max-content]"
          >
            <span className="text-fg-3">{event.at !== null && <ExactTime at={event.at} />}</span>
            {event.type === "Warning" ? (
              <TriangleAlert aria-hidden className="translate-y-0.5 text-wait" />
            ) : (
              <CircleCheck aria-hidden className="translate-y-0.5 text-fg-3" />
            )}
            <EventWords event={event} />
            <span className="text-sm break-words text-fg-2 @max-4xl:col-start-3">
              {shortDigests(event.message)}
            </span>
            <span className="flex min-w-0 items-center gap-2 @max-4xl:col-start-3 @4xl:contents">
              <MiddleText text={event.object} max={36} className="truncate font-mono text-sm text-fg-2" />
              <Tag>{event.cluster}</Tag>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
