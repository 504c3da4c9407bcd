"use client";

import { useFormatter, useLocale, useTranslations } from "next-intl";
import { formatDuration } from "#components/ui/duration-format.ts";
import { asState } from "#components/ui/states.ts";
import { endingOf, type RanDeployment, type RanItem } from "./what-ran-model.ts";

const MOMENT = {
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

/** What is said of one thing on a bar, part by part and as one sentence for those who do not see the bar. */
export function useRanText(deployments: readonly RanDeployment[], now: string) {
  const t = useTranslations("live.ran");
  const states = useTranslations("states");
  const format = useFormatter();
  const locale = useLocale();
  const moment = (at: string) => format.dateTime(new Date(at), MOMENT);
  return (item: RanItem) => {
    const deployment = deployments.find(({ id }) => id === item.key);
    const ending = endingOf(item, deployments);
    const state = asState(deployment?.state ?? "unknown");
    const next = item.what === "span" ? (item.next?.release ?? "") : "";
    const seconds = (Date.parse(item.to ?? now) - Date.parse(item.from)) / 1000;
    const period = t(item.to === null ? "since" : "between", {
      from: moment(item.from),
      to: moment(item.to ?? now),
      duration: formatDuration(seconds, locale),
    });
    const how =
      deployment?.kind === "rollback" ? (deployment.automatic ? "automatic" : "rollback") : "deploy";
    const by = t(`by.${how}`, { person: deployment?.by.displayName ?? "" });
    const end = ending === "tried" ? states(state) : t(`ending.${ending}`, { next });
    // A rollback may bring several release orders; only one of them has its title here.
    const title = deployment?.release === item.release ? deployment.title : null;
    return {
      deployment,
      ending,
      state,
      period,
      by,
      end,
      title,
      all: t("all", { release: item.release, period, by, end }),
    };
  };
}
