"use client";

import { useFormatter, useLocale, useTranslations } from "next-intl";
import { Card } from "#components/ui/card.tsx";
import { formatDuration } from "#components/ui/duration-format.ts";
import type { Statistics, StatisticsFilter } from "#lib/statistics/client.ts";
import { sum } from "./series.ts";

function Figure({ name, value, basis }: { name: string; value: string; basis: string }) {
  return (
    <div className="figure">
      <p className="mb-1 text-fg-2">{name}</p>
      <p className="figure-value">{value}</p>
      <p className="text-sm text-fg-3">{basis}</p>
    </div>
  );
}

/** The four figures of delivery, each with what it is over. */
export function Figures({ data, filter }: { data: Statistics; filter: StatisticsFilter }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const locale = useLocale();
  const { environment } = filter;
  const { medianSeconds, failureRate, restoreSeconds } = data.leadTime.all;
  const deploys = sum(data.deployments.items.map(({ succeeded, failed }) => succeeded + failed));
  const length = (seconds: number | null) => (seconds === null ? "–" : formatDuration(seconds, locale));
  return (
    <Card className="grid grid-cols-2 overflow-hidden lg:grid-cols-4">
      <Figure
        name={t("frequency")}
        value={format.number((deploys / filter.days) * 7, { maximumFractionDigits: 1 })}
        basis={
          environment === undefined
            ? t("frequencyBasis", { count: deploys })
            : t("frequencyBasisIn", { count: deploys, environment })
        }
      />
      <Figure
        name={t("leadTime")}
        value={length(medianSeconds)}
        basis={environment === undefined ? t("leadTimeBasis") : t("leadTimeBasisIn", { environment })}
      />
      <Figure
        name={t("failureRate")}
        value={
          failureRate === null
            ? "–"
            : format.number(failureRate, { style: "percent", maximumFractionDigits: 1 })
        }
        basis={environment === undefined ? t("failureRateBasis") : t("failureRateBasisIn", { environment })}
      />
      <Figure name={t("restore")} value={length(restoreSeconds)} basis={t("restoreBasis")} />
    </Card>
  );
}
