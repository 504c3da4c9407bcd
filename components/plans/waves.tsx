"use client";

import { CircleArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { PlanTarget } from "./review-model.ts";

/** The waves in order: a wave starts when every target of the one before came up. */
export function Waves({ targets }: { targets: PlanTarget[] }) {
  const t = useTranslations("plans");
  const waves = [...Map.groupBy(targets, ({ wave }) => wave)].sort(([a], [b]) => a - b);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line px-4 py-2.5">
      {waves.map(([wave, own], index) => (
        <Fragment key={wave}>
          {index > 0 && (
            <>
              <span
                aria-hidden="true"
                className="h-px min-w-4 flex-1 border-t border-dashed border-line-strong max-md:hidden"
              />
              <span className="inline-flex items-center gap-1.5 text-fg-2">
                <CircleArrowRight aria-hidden />
                {t("thenNext")}
              </span>
              <span
                aria-hidden="true"
                className="h-px min-w-4 flex-1 border-t border-dashed border-line-strong max-md:hidden"
              />
            </>
          )}
          <span className="inline-flex min-w-0 flex-wrap items-center gap-2">
            <Tag>{t("wave", { wave })}</Tag>
            {own.map(({ cluster, namespace, reachable }) => (
              <span key={`${cluster}/${namespace}`} className="inline-flex min-w-0 items-center gap-1.5">
                <span className="font-medium">{cluster}</span>
                <span className="truncate text-fg-2">/ {namespace}</span>
                {reachable ? (
                  <StateBadge state="ok" text={t("reachable")} />
                ) : (
                  <StateBadge state="unknown" text={t("unreachable")} pill />
                )}
              </span>
            ))}
          </span>
        </Fragment>
      ))}
    </div>
  );
}
