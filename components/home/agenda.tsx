"use client";

import { CalendarDays } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { AgendaDto } from "#lib/home/schema.ts";
import { shortNumber, to } from "./release-number.ts";

/** The next 24 hours: freezes and deployments that start by themselves. */
export function Agenda({ agenda }: { agenda: AgendaDto }) {
  const t = useTranslations("home");
  const format = useFormatter();
  const time = (at: string) =>
    format.dateTime(new Date(at), {
      month: "numeric",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  const empty = agenda.freezes.length + agenda.scheduled.length === 0;
  return (
    <Card>
      <CardHeader
        title={t("agenda")}
        hint={t("agendaHint")}
        actions={<CalendarDays aria-hidden className="text-fg-3" />}
      />
      {empty && <p className="px-3.5 py-3 text-fg-3">{t("agendaEmpty")}</p>}
      <ul className="px-3.5">
        {agenda.freezes.map((row) => (
          <li
            key={row.id}
            className="grid grid-cols-[40px_minmax(0,1fr)] items-center gap-2 border-b border-line py-2 last:border-0"
          >
            <StateIcon state="frozen" />
            <div className="min-w-0">
              <p className="truncate" title={row.reason}>
                {row.reason}
              </p>
              <p className="text-fg-3">
                {[row.project ?? t("everyProject"), row.environment].join(" · ")}{" "}
                {t("span", { from: time(row.startsAt), until: time(row.endsAt) })}
              </p>
            </div>
          </li>
        ))}
        {agenda.scheduled.map((row) => (
          <li
            key={row.deployment}
            className="grid grid-cols-[40px_minmax(0,1fr)_auto] items-center gap-2 border-b border-line py-2 last:border-0"
          >
            <ExactTime at={row.at} style="minutes" />
            <div className="min-w-0">
              <Link
                href={to.deployment(row.deployment)}
                className="block truncate font-mono text-sm hover:text-accent"
                title={row.release}
              >
                {shortNumber(row.release)}
              </Link>
              <p className="truncate text-fg-3" title={row.components.join(", ")}>
                {row.title}
              </p>
            </div>
            <span className="tag">{row.environment}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
