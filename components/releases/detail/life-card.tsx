"use client";

import { useQuery } from "@tanstack/react-query";
import { useFormatter, useLocale, useNow, useTranslations } from "next-intl";
import { useState } from "react";
import { StepBar, StepKey, useStepName } from "#components/statistics/step-bar.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { useServerClock } from "#components/ui/clock.ts";
import { Duration } from "#components/ui/duration.tsx";
import { formatDuration } from "#components/ui/duration-format.ts";
import { releaseLifeQuery } from "#lib/statistics/client.ts";
import { mainSteps, summarizeLife } from "./life-model.ts";

const FIRST = 5;

/** Where the time of a release order went: a bar of its life, whom it waited for longest, and its steps. */
export function LifeCard({ number }: { number: string }) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const locale = useLocale();
  const nameOf = useStepName();
  const [whole, setWhole] = useState(false);
  const rendered = useNow();
  const { data } = useQuery(releaseLifeQuery(number));
  const clock = useServerClock(data?.now ?? rendered, 30_000);
  // It says nothing that the rest of the page needs: without an answer it is not there.
  if (data === undefined) return null;
  const { steps, seconds, waitingShare, longest } = summarizeLife(data, clock);
  if (steps.length === 0) return null;
  const shown = whole ? steps : mainSteps(steps, FIRST);
  const facts = {
    total: formatDuration(seconds, locale),
    waiting: format.number(waitingShare, { style: "percent", maximumFractionDigits: 0 }),
  };
  return (
    <Card>
      <CardHeader title={t("life.title")} />
      <StepBar
        steps={steps}
        labelled={false}
        label={t("life.label", {
          list: steps.map((step) => `${nameOf(step)} ${formatDuration(step.seconds, locale)}`).join(", "),
        })}
      />
      <CardBody className="flex flex-col gap-2 pt-0!">
        <p>
          {t(data.open ? "life.hintOpen" : "life.hint", facts)}
          {longest !== null && (
            <span className="block text-fg-2">
              {t("life.longest", {
                who: t(`parties.${longest.on}`),
                length: formatDuration(longest.seconds, locale),
              })}
            </span>
          )}
        </p>
        <ol className="flex flex-col gap-1">
          {shown.map((step) => (
            <li key={step.key} className="flex items-center gap-2">
              <StepKey mode={step.mode} />
              <span className="min-w-0 flex-1 truncate">
                {nameOf(step)}
                <span className="text-fg-3">
                  {" · "}
                  {step.mode === "waiting"
                    ? t("life.waitsFor", { who: t(`parties.${step.on}`) })
                    : t(`modes.${step.mode}`)}
                </span>
              </span>
              <span className="flex-none tabular-nums">
                <Duration seconds={step.seconds} />
              </span>
            </li>
          ))}
        </ol>
        {steps.length > FIRST && (
          <button
            type="button"
            aria-expanded={whole}
            className="self-start text-fg-3 hover:text-fg hover:underline"
            onClick={() => setWhole(!whole)}
          >
            {whole ? t("life.fewer") : t("life.all", { count: steps.length })}
          </button>
        )}
      </CardBody>
    </Card>
  );
}
