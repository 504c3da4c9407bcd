"use client";

import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { type CanaryStop, canaryStops } from "./flow-model.ts";
import type { TargetRun } from "./progress-model.ts";

const LOOKS: Readonly<Record<CanaryStop["state"], string>> = {
  done: "k-good",
  now: "k-run",
  ahead: "k-idle",
  stopped: "k-bad",
};

/** How much of the traffic the new version has, share by share up to the whole. */
export function CanaryTrack({ target }: { target: TargetRun }) {
  const t = useTranslations("deployments.canary");
  const stops = canaryStops(target);
  if (stops.length === 0) return null;
  const reached = stops.findLast(({ state }) => state === "done" || state === "now")?.percent ?? 0;
  const stopped = stops.some(({ state }) => state === "stopped");
  return (
    <div className="border-b border-line px-3.5 pt-2.5 pb-7">
      <div className="flex items-baseline justify-between gap-3 pb-2 text-sm">
        <span className="text-fg-2">{t("title")}</span>
        <span className="font-medium">{stopped ? t("withdrawn") : t("now", { percent: reached })}</span>
      </div>
      <div
        role="progressbar"
        aria-label={t("title")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={stopped ? 0 : reached}
        className="relative h-1.5 rounded-full bg-line"
      >
        <span
          className={cx(
            "absolute inset-y-0 left-0 rounded-full bg-(--d)",
            stopped ? "k-bad" : reached === 100 ? "k-good" : "k-run",
          )}
          style={{ width: `${reached}%` }}
        />
        {stops.map(({ percent, state }) => (
          <span
            key={percent}
            className={cx(
              "absolute top-1/2 -translate-y-1/2",
              percent === 100 ? "-translate-x-full" : "-translate-x-1/2",
              LOOKS[state],
            )}
            style={{ left: `${percent}%` }}
          >
            <span
              className={cx(
                "block size-3 rounded-full border-2 border-surface",
                state === "ahead" ? "bg-line-strong" : "bg-(--d)",
              )}
            />
            <span
              className={cx(
                "absolute top-4 text-sm whitespace-nowrap text-(--c)",
                percent === 100 ? "right-0" : "left-1/2 -translate-x-1/2",
                state === "now" && "font-semibold",
              )}
            >
              {percent}%<span className="sr-only"> {t(`state.${state}`)}</span>
            </span>
          </span>
        ))}
      </div>
    </div>
  );
}
