"use client";

import { Hourglass } from "lucide-react";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { formatDuration } from "#components/ui/duration-format.ts";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { CsvButton } from "./csv-button.tsx";
import { StepBar, StepKey, useStepName } from "./step-bar.tsx";
import { stepsCsv } from "./steps-csv.ts";

const keyOf = ({ environment, kind }: Statistics["steps"]["items"][number]) => `${environment ?? ""} ${kind}`;

/** Of the whole; smaller steps are listed when asked for. The file has all. */
const SMALL = 0.03;

/** Where the lead time of release orders goes: a bar of their mean life, and every step in a table. */
export function StepsCard({ steps }: { steps: Statistics["steps"] }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const locale = useLocale();
  const nameOf = useStepName();
  const [all, setAll] = useState(false);
  const { items, medianSeconds, waitingShare, releases, counted } = steps;
  const percent = (value: number) => format.number(value, { style: "percent", maximumFractionDigits: 1 });
  const shown = all ? items : items.filter(({ share }) => share >= SMALL);
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
        className="flex-wrap"
        title={t("steps")}
        hint={hint}
        actions={
          <>
            {(["working", "waiting"] as const).map((mode) => (
              <span key={mode} className="flex items-center gap-1.5 text-fg-2">
                <StepKey mode={mode} />
                {t(`modes.${mode}`)}
              </span>
            ))}
            <CsvButton file="lead-time-steps" csv={() => stepsCsv(items)} disabled={items.length === 0} />
          </>
        }
      />
      {items.length === 0 ? (
        <EmptyState icon={<Hourglass aria-hidden />} title={t("noReleases")}>
          {t("noReleasesText")}
        </EmptyState>
      ) : (
        <>
          <StepBar
            steps={items.map((item) => ({ ...item, key: keyOf(item), seconds: item.meanSeconds }))}
            label={t("stepsLabel", {
              list: items
                .map((item) => `${nameOf(item)} ${formatDuration(item.meanSeconds, locale)}`)
                .join(", "),
            })}
          />
          <Table label={t("steps")} className="whitespace-nowrap">
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
              {shown.map((item) => (
                <Tr key={keyOf(item)}>
                  <Td>{item.environment ?? "–"}</Td>
                  <Td>{t(`kinds.${item.kind}`)}</Td>
                  <Td>
                    <span className="flex items-center gap-1.5">
                      <StepKey mode={item.mode} />
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
          {shown.length < items.length && (
            <CardFooter className="justify-center">
              <Button kind="quiet" size="small" onClick={() => setAll(true)}>
                {t("smallSteps", { count: items.length - shown.length, share: percent(SMALL) })}
              </Button>
            </CardFooter>
          )}
        </>
      )}
    </Card>
  );
}
