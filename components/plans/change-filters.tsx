"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cx } from "#components/ui/cx.ts";
import { ChangeSign } from "./object-marks.tsx";
import {
  type ChangeSource,
  countKinds,
  countSources,
  type PlanObject,
  type ReviewEntry,
} from "./review-model.ts";
import { SOURCE_ICONS } from "./source-tag.tsx";

type Change = PlanObject["change"];
export type ChangeFilter = { source: ChangeSource | null; change: Change | null };
export const NO_FILTER: ChangeFilter = { source: null, change: null };

function Toggle({
  on,
  onClick,
  icon,
  count,
  children,
}: {
  on: boolean;
  onClick: () => void;
  icon: ReactNode;
  count: string;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onClick}
      className={cx(
        "flex min-h-[26px] items-center gap-2 rounded-md px-1.5 text-fg-2 hover:bg-hover max-lg:min-h-9 max-lg:border max-lg:border-line max-lg:px-2.5 lg:w-full",
        on && "bg-selected text-fg",
      )}
    >
      {icon}
      {children}
      <span className="text-fg-3 lg:ml-auto">{count}</span>
    </button>
  );
}

/** Filters of the object list by what happens to an object and by where its lines come from. */
export function ChangeFilters({
  entries,
  filter,
  onFilter,
  className,
}: {
  entries: ReviewEntry[];
  filter: ChangeFilter;
  onFilter: (filter: ChangeFilter) => void;
  className?: string;
}) {
  const t = useTranslations("plans");
  const kinds = countKinds(entries);
  return (
    <fieldset aria-label={t("review.filter")} className={cx("flex gap-x-1.5 gap-y-0.5 text-sm", className)}>
      <span className="px-1.5 py-1 text-fg-3 max-lg:hidden">{t("review.bySource")}</span>
      {countSources(entries).map(([name, count]) => {
        const Icon = SOURCE_ICONS[name];
        return (
          <Toggle
            key={name}
            on={filter.source === name}
            onClick={() => onFilter({ ...filter, source: filter.source === name ? null : name })}
            icon={<Icon aria-hidden className="text-fg-3" />}
            count={t("review.objectCount", { count })}
          >
            {t(`source.${name}`)}
          </Toggle>
        );
      })}
      {kinds.length > 1 && (
        <>
          <span className="px-1.5 pt-2 pb-1 text-fg-3 max-lg:hidden">{t("review.byChange")}</span>
          {kinds.map(([change, count]) => (
            <Toggle
              key={change}
              on={filter.change === change}
              onClick={() => onFilter({ ...filter, change: filter.change === change ? null : change })}
              icon={<ChangeSign change={change} label="" />}
              count={t("review.objectCount", { count })}
            >
              {t(`change.${change}`)}
            </Toggle>
          ))}
        </>
      )}
    </fieldset>
  );
}
