"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { History, X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Card } from "#components/ui/card.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { cx } from "#components/ui/cx.ts";
import { Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { type LivePlace, timelineQuery } from "#lib/live/client.ts";
import { RanBar } from "./ran-bar.tsx";
import { RanDetail } from "./ran-detail.tsx";
import { useRanText } from "./use-ran-text.ts";
import { daysFor, itemsOf, latestOf, RANGES, ranAt, rangeOf, ticksOf } from "./what-ran-model.ts";

const DAY = { month: "2-digit", day: "2-digit" } as const;
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
/** A bar of fewer days is read by the clock. */
const SHORT_MS = 2 * 86_400_000;
const NAMES = RANGES.map(String);

/** Which release order ran when, component by component: bars over time, and what ran at a time that is asked for. */
export function WhatRan({ place }: { place: LivePlace }) {
  const t = useTranslations("live.ran");
  const format = useFormatter();
  const field = useId();
  const [days, setDays] = useState(30);
  const [shown, setShown] = useState<{ lane: string; key: string } | null>(null);
  const [asked, setAsked] = useState("");
  const { data } = useQuery({ ...timelineQuery(place, days), placeholderData: keepPreviousData });
  const textOf = useRanText(data?.deployments ?? [], data?.to ?? "");
  const range = data === undefined ? null : rangeOf(data);
  const short = range !== null && Date.parse(range.to) - Date.parse(range.from) < SHORT_MS;
  // Within a minute or a day all would say the same.
  const ticks = (range === null ? [] : ticksOf(range))
    .map(({ at, percent }) => ({ percent, label: format.dateTime(new Date(at), short ? TIME : DAY) }))
    .filter(({ label }, index, all) => label !== all[index - 1]?.label);
  const at = asked === "" || Number.isNaN(Date.parse(asked)) ? null : new Date(asked).toISOString();
  const lanes = data?.lanes ?? [];
  const nameOf = (components: string[]) => components.join(", ");
  const current = lanes.find(({ components }) => nameOf(components) === shown?.lane) ?? lanes[0];
  const item =
    current &&
    (itemsOf(current).find(({ key }) => key === shown?.key && shown.lane === nameOf(current.components)) ??
      latestOf(current));
  return (
    <Card className="grid lg:grid-cols-[max-content_minmax(0,1fr)]">
      <section aria-label={t("title")} className="contents">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 py-2.5 max-lg:border-b lg:flex-col lg:items-start lg:border-r border-line">
          <span className="flex items-center gap-2">
            <History aria-hidden className="text-fg-2" />
            <label htmlFor={field} className="whitespace-nowrap text-fg-2">
              {t("then")}
            </label>
            <Input
              id={field}
              small
              type="datetime-local"
              value={asked}
              onChange={({ target }) => {
                setAsked(target.value);
                if (!Number.isNaN(Date.parse(target.value))) setDays(daysFor(target.value, new Date()));
              }}
            />
          </span>
          <span className="flex items-center gap-1">
            <Segmented
              label={t("range")}
              value={NAMES.find((name) => name === String(days)) ?? null}
              onChange={(name) => setDays(Number(name))}
              options={RANGES.map((range) => ({ value: String(range), label: t("days", { count: range }) }))}
            />
            {asked !== "" && (
              <IconButton
                size="small"
                label={t("clear")}
                icon={<X aria-hidden />}
                onClick={() => setAsked("")}
              />
            )}
          </span>
        </div>
        <div className="flex min-w-0 flex-col gap-2 px-3.5 pt-3 pb-1.5">
          {data === undefined && <SkeletonRows rows={2} />}
          {data !== undefined && lanes.length === 0 && <p className="py-2 text-fg-2">{t("nothing")}</p>}
          {range !== null &&
            lanes.map((lane) => {
              const name = nameOf(lane.components);
              return (
                <div
                  key={name}
                  className="grid items-center gap-x-3 gap-y-1 sm:grid-cols-[112px_minmax(0,1fr)]"
                >
                  <span className="truncate text-sm text-fg-2" title={name}>
                    {name}
                  </span>
                  <RanBar
                    lane={lane}
                    label={t("laneOf", { components: name })}
                    range={range}
                    textOf={textOf}
                    shown={lane === current && at === null ? (item?.key ?? null) : null}
                    onShow={(key) => setShown({ lane: name, key })}
                    onPick={(key) => {
                      setShown({ lane: name, key });
                      setAsked("");
                    }}
                    at={at}
                  />
                </div>
              );
            })}
          {range !== null && lanes.length > 0 && (
            <div aria-hidden className="relative h-4 text-xs text-fg-3 sm:ml-[124px]">
              {ticks.map(({ label, percent }) => (
                <span
                  key={percent}
                  className={cx("absolute whitespace-nowrap", percent % 50 !== 0 && "max-sm:hidden")}
                  style={{ left: `${percent}%` }}
                >
                  {label}
                </span>
              ))}
              <span className="absolute right-0 font-medium text-accent">{t("now")}</span>
            </div>
          )}
        </div>
        {item && current && (
          <div className="flex min-h-16 flex-col justify-center gap-1 border-t border-line px-3.5 py-2 max-sm:min-h-28 lg:col-span-2 xl:min-h-10">
            {at === null ? (
              <RanDetail lane={current} item={item} textOf={textOf} />
            ) : (
              lanes.map((lane) => (
                <RanDetail key={nameOf(lane.components)} lane={lane} item={ranAt(lane, at)} textOf={textOf} />
              ))
            )}
            {data?.cut && (
              <p className="text-sm text-fg-3">
                {t("cut", { from: format.dateTime(new Date(data.from), DAY) })}
              </p>
            )}
          </div>
        )}
      </section>
    </Card>
  );
}
