"use client";

import { Hourglass } from "lucide-react";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { formatDuration } from "#components/ui/duration-format.ts";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { CsvButton } from "./csv-button.tsx";
import { toCsv } from "./series.ts";

type Step = Statistics["steps"]["items"][number];
/** Below this part of the whole a label would run into its neighbours; the table has every step. */
const LABELLED = 0.07;

/** Where the lead time of release orders goes: a bar of their mean life, and every step in a table. */
export function StepsCard({ steps }: { steps: Statistics["steps"] }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const locale = useLocale();
  const { items, medianSeconds, waitingShare, releases, counted } = steps;
  const percent = (value: number) => format.number(value, { style: "percent", maximumFractionDigits: 1 });
  const nameOf = ({ kind, environment }: Step) =>
    environment === null ? t(`kinds.${kind}`) : `${environment} ${t(`kinds.${kind}`)}`;
  const csv = () =>
    toCsv(
      [
        "environment",
        "step",
        "mode",
        "on",
        "releases",
        "mean_seconds",
        "median_seconds",
        "p95_seconds",
        "share",
      ],
      items.map((item) => [
        item.environment,
        item.kind,
        item.mode,
        item.on,
        item.releases,
        item.meanSeconds,
        item.medianSeconds,
        item.p95Seconds,
        item.share,
      ]),
    );
  const hint = [
    ...(medianSeconds === null
      ? []
      : [
          t("stepsHint", {
            median: formatDuration(medianSeconds, locale),
            waiting: percent(waitingShare ?? 0),
          }),
        ]),
    ...(counted < releases ? [t("stepsCounted", { releases, counted })] : []),
  ].join(" · ");
  return (
    <Card>
      <CardHeader
        title={t("steps")}
        hint={hint}
        actions={
          <>
            {(["working", "waiting"] as const).map((mode) => (
              <span key={mode} className="flex items-center gap-1.5 text-fg-2">
                <span aria-hidden className="step-key" data-mode={mode} />
                {t(`modes.${mode}`)}
              </span>
            ))}
            <CsvButton file="lead-time-steps" csv={csv} disabled={items.length === 0} />
          </>
        }
      />
      {items.length === 0 ? (
        <EmptyState icon={<Hourglass aria-hidden />} title={t("noReleases")}>
          {t("noReleasesText")}
        </EmptyState>
      ) : (
        <>
          <div
            className="step-bar"
            role="img"
            aria-label={t("stepsLabel", {
              list: items
                .map((item) => `${nameOf(item)} ${formatDuration(item.meanSeconds, locale)}`)
                .join(", "),
            })}
          >
            {items.map((item) => (
              <div
                key={`${item.environment ?? ""} ${item.kind}`}
                style={{ flexGrow: item.share }}
                className="step"
                title={`${nameOf(item)}: ${formatDuration(item.meanSeconds, locale)}, ${percent(item.share)}`}
              >
                <div className="step-block" data-mode={item.mode} />
                {item.share >= LABELLED && (
                  <>
                    <p className="truncate font-semibold">{formatDuration(item.meanSeconds, locale)}</p>
                    <p className="truncate text-fg-2">{nameOf(item)}</p>
                  </>
                )}
              </div>
            ))}
          </div>
          <Table label={t("steps")}>
            <thead>
              <tr>
                <Th>{t("environment")}</Th>
                <Th>{t("step")}</Th>
                <Th>{t("mode")}</Th>
                <Th>{t("on")}</Th>
                <Th num>{t("releaseCount")}</Th>
                <Th num>{t("meanTime")}</Th>
                <Th num>{t("medianTime")}</Th>
                <Th num>{t("p95")}</Th>
                <Th num>{t("share")}</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Tr key={`${item.environment ?? ""} ${item.kind}`}>
                  <Td>{item.environment ?? "–"}</Td>
                  <Td>{t(`kinds.${item.kind}`)}</Td>
                  <Td>
                    <span className="flex items-center gap-1.5">
                      <span aria-hidden className="step-key" data-mode={item.mode} />
                      {t(`modes.${item.mode}`)}
                    </span>
                  </Td>
                  <Td>{t(`parties.${item.on}`)}</Td>
                  <Td num>{item.releases}</Td>
                  {[item.meanSeconds, item.medianSeconds, item.p95Seconds].map((seconds, index) => (
                    <Td num key={["mean", "median", "p95"][index]}>
                      <Duration seconds={seconds} />
                    </Td>
                  ))}
                  <Td num>{percent(item.share)}</Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </>
      )}
    </Card>
  );
}
