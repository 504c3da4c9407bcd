"use client";

import { Radio, Server } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useLiveState } from "#components/live/live-provider.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Face } from "#components/ui/person.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { HomeDto } from "#lib/home/schema.ts";
import { shortNumber, to } from "./release-number.ts";

/** Older entries show their day instead of the time of day. */
const DAY_MS = 20 * 3_600_000;
type Entry = HomeDto["activity"][number];

function Row({ entry, now }: { entry: Entry; now: string }) {
  const t = useTranslations("home");
  const key = `activity.${entry.action.replaceAll(".", "_").replaceAll("-", "_")}`;
  const environment = entry.environment ?? "";
  return (
    <li className="activity-row">
      {entry.actor.username === "system" ? (
        <span className="face" aria-hidden="true">
          <Server className="size-3!" />
        </span>
      ) : (
        <Face {...entry.actor} />
      )}
      <span className="min-w-0 truncate">
        {entry.actor.username !== "system" && <span className="text-fg-2">{entry.actor.displayName} </span>}
        {t.has(key)
          ? t.rich(key, { environment, b: (children) => <b>{children}</b> })
          : `${entry.action} ${environment}`}
      </span>
      <ExactTime
        at={entry.at}
        style={Date.parse(now) - Date.parse(entry.at) < DAY_MS ? "minutes" : "day"}
        className="text-sm leading-5 whitespace-nowrap text-fg-3"
      />
      <span />
      <span className="min-w-0 truncate text-fg-3">
        {entry.project}
        {entry.release !== null && (
          <>
            {" · "}
            <Link href={to.release(entry.release)} className="font-mono text-sm hover:text-accent">
              {shortNumber(entry.release)}
            </Link>
          </>
        )}
      </span>
    </li>
  );
}

/** What happened last in the reader's projects; it grows while the page is open. */
export function Activity({ entries, now }: { entries: Entry[]; now: string }) {
  const t = useTranslations("home");
  const live = useLiveState();
  return (
    <Card>
      <CardHeader
        title={t("recent")}
        actions={
          live ? (
            <span className="state k-run font-normal">
              <Radio aria-hidden />
              {t("live")}
            </span>
          ) : undefined
        }
      />
      {entries.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-3">{t("quiet")}</p>
      ) : (
        <ul className="py-[7px]">
          {entries.map((entry) => (
            <Row key={entry.seq} entry={entry} now={now} />
          ))}
        </ul>
      )}
    </Card>
  );
}
