"use client";

import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { Tag } from "#components/ui/tag.tsx";
import { middle } from "#components/ui/text.ts";
import { type ChangeFilter, ChangeFilters } from "./change-filters.tsx";
import { ChangeSign, KindIcon, LineCounts } from "./object-marks.tsx";
import { distinctEntries, type PlanTarget, type ReviewEntry, type ReviewGroup } from "./review-model.ts";

/** Wave, cluster and namespace of the targets of a group: its head in the list and in the diff. */
export function GroupHead({ targets, children }: { targets: PlanTarget[]; children?: React.ReactNode }) {
  const t = useTranslations("plans");
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-sunken px-3.5 py-1.5">
      {targets.map(({ cluster, namespace, wave }) => (
        <span key={`${cluster}/${namespace}`} className="inline-flex min-w-0 max-w-full items-center gap-2">
          <Tag className="flex-none">{t("wave", { wave })}</Tag>
          <span className="truncate" title={`${cluster} / ${namespace}`}>
            <span className="font-medium">{cluster}</span> <span className="text-fg-2">/ {namespace}</span>
          </span>
        </span>
      ))}
      {children}
    </div>
  );
}

/** Long names differ at their end as often as at their start: both are shown. */
const NAME_LENGTH = 20;

/** Every object of every group of targets, and the filters. */
export function ChangeNav({
  groups,
  shown,
  current,
  onPick,
  filter,
  onFilter,
}: {
  groups: ReviewGroup[];
  /** Those of the entries that the filters leave. */
  shown: (entries: ReviewEntry[]) => ReviewEntry[];
  current: string | null;
  onPick: (key: string) => void;
  filter: ChangeFilter;
  onFilter: (filter: ChangeFilter) => void;
}) {
  const t = useTranslations("plans");
  return (
    <div className="border-line max-lg:hidden lg:border-r">
      <div className="lg:sticky lg:top-(--below) lg:max-h-[calc(100vh-var(--below)-64px)] lg:overflow-y-auto">
        <nav aria-label={t("review.objects")}>
          {groups.map(({ key, targets, entries, unchanged }) => (
            <div key={key}>
              <GroupHead targets={targets} />
              <ul className="py-1.5">
                {shown(entries).map(({ key: entry, object }) => (
                  <li key={entry}>
                    <button
                      type="button"
                      aria-current={entry === current}
                      onClick={() => onPick(entry)}
                      className={cx(
                        "grid min-h-[30px] w-full grid-cols-[16px_15px_minmax(0,1fr)_auto] items-center gap-2 px-3.5 text-left hover:bg-hover",
                        entry === current && "bg-selected shadow-[inset_2px_0_var(--accent)]",
                      )}
                    >
                      <ChangeSign change={object.change} label={t(`change.${object.change}`)} />
                      <KindIcon kind={object.kind} />
                      <span className="truncate" title={`${object.kind} ${object.name}`}>
                        {middle(object.name, NAME_LENGTH)}
                      </span>
                      <LineCounts added={object.added} removed={object.removed} />
                    </button>
                  </li>
                ))}
                {unchanged.length > 0 && (
                  <li className="px-3.5 py-1 pl-[46px] text-fg-3">
                    {t("review.unchangedObjects", { count: unchanged.length })}
                  </li>
                )}
              </ul>
            </div>
          ))}
        </nav>
        <ChangeFilters
          entries={distinctEntries(groups)}
          filter={filter}
          onFilter={onFilter}
          className="mt-1 flex-col border-t border-line px-2 py-2.5"
        />
      </div>
    </div>
  );
}
