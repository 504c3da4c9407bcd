"use client";

import { Minus, TrendingDown, TrendingUp } from "lucide-react";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { Fragment } from "react";
import { Card } from "#components/ui/card.tsx";
import { formatDuration } from "#components/ui/duration-format.ts";
import type { Statistics, StatisticsFilter } from "#lib/statistics/client.ts";

type Compared = {
  now: number | null;
  before: number | null;
  /** Whether more of it is better. */
  more: boolean;
  show: (value: number) => string;
};

/** How a figure stands to the period before; nothing where that had none. */
function Change({ now, before, more, show, days }: Compared & { days: number }) {
  const t = useTranslations("statistics");
  if (now === null || before === null) return null;
  const value = show(before);
  // What reads the same is the same.
  const rise = show(now) === value ? 0 : Math.sign(now - before);
  const kind = rise === 0 ? "same" : rise > 0 === more ? "better" : "worse";
  const Icon = rise === 0 ? Minus : rise > 0 ? TrendingUp : TrendingDown;
  const colour = { same: "text-fg-2", better: "text-good", worse: "text-bad" }[kind];
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-sm">
      <span className={`flex items-center gap-1 font-medium ${colour}`}>
        <Icon aria-hidden className="size-3.5" />
        {t(kind)}
      </span>
      <span className="text-fg-2">{t("before", { days, value })}</span>
    </p>
  );
}

/** A figure whose units stand back behind its numbers. */
function Value({ text }: { text: string }) {
  const parts = [...text.matchAll(/(\d[\d.,]*)(\D*)/g)];
  return parts.map(({ 1: number, 2: unit, index }) => (
    <Fragment key={index}>
      {number}
      {unit !== "" && <span className="figure-unit">{unit}</span>}
    </Fragment>
  ));
}

function Figure({
  name,
  basis,
  days,
  ...compared
}: Compared & { name: string; basis: string; days: number }) {
  const { now, show } = compared;
  return (
    <div className="figure">
      <p className="mb-1 text-fg-2">{name}</p>
      <p className="figure-value">{now === null ? "–" : <Value text={show(now)} />}</p>
      <Change {...compared} days={days} />
      <p className="text-sm text-fg-3">{basis}</p>
    </div>
  );
}

/** The four figures of delivery, each with what it is over and how it was before. */
export function Figures({ data, filter }: { data: Statistics; filter: StatisticsFilter }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const locale = useLocale();
  const { environment, days } = filter;
  const { before } = data;
  const now = data.leadTime.all;
  const weekly = (deployments: number) => (deployments / days) * 7;
  const length = (seconds: number) => formatDuration(seconds, locale);
  const basis = (name: "leadTimeBasis" | "failureRateBasis") =>
    environment === undefined ? t(name) : t(`${name}In`, { environment });
  return (
    <Card className="grid grid-cols-2 overflow-hidden lg:grid-cols-4">
      <Figure
        name={t("frequency")}
        now={weekly(now.deployments)}
        // A period without any deployment is no measure for this one.
        before={before.deployments === 0 ? null : weekly(before.deployments)}
        more
        show={(value) => format.number(value, { maximumFractionDigits: 1 })}
        days={days}
        basis={
          environment === undefined
            ? t("frequencyBasis", { count: now.deployments })
            : t("frequencyBasisIn", { count: now.deployments, environment })
        }
      />
      <Figure
        name={t("leadTime")}
        now={now.medianSeconds}
        before={before.medianSeconds}
        more={false}
        show={length}
        days={days}
        basis={basis("leadTimeBasis")}
      />
      <Figure
        name={t("failureRate")}
        now={now.failureRate}
        before={before.failureRate}
        more={false}
        show={(value) => format.number(value, { style: "percent", maximumFractionDigits: 1 })}
        days={days}
        basis={basis("failureRateBasis")}
      />
      <Figure
        name={t("restore")}
        now={now.restoreSeconds}
        before={before.restoreSeconds}
        more={false}
        show={length}
        days={days}
        basis={t("restoreBasis")}
      />
    </Card>
  );
}
