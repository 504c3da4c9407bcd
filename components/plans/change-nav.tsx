"use client";

import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { Tag } from "#components/ui/tag.tsx";
import { ChangeSign, KindIcon, LineCounts } from "./object-marks.tsx";
import {
  type ChangeSource,
  countSources,
  distinctEntries,
  type PlanTarget,
  type ReviewTarget,
} from "./review-model.ts";
import { SOURCE_ICONS } from "./source-tag.tsx";

/** Wave, cluster and namespace: the head of a target in the list and in the diff. */
export function TargetHead({ target, children }: { target: PlanTarget; children?: React.ReactNode }) {
  const t = useTranslations("plans");
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-sunken px-3.5 py-1.5">
      <Tag>{t("wave", { wave: target.wave })}</Tag>
      <span className="font-medium">{target.cluster}</span>
      <span className="truncate text-fg-2">/ {target.namespace}</span>
      {children}
    </div>
  );
}

/** Every object of every target, and a filter by where its lines come from. */
export function ChangeNav({
  targets,
  current,
  onPick,
  source,
  onSource,
}: {
  targets: ReviewTarget[];
  current: string | null;
  onPick: (key: string) => void;
  source: ChangeSource | null;
  onSource: (source: ChangeSource | null) => void;
}) {
  const t = useTranslations("plans");
  return (
    <nav aria-label={t("review.objects")} className="border-line max-lg:hidden lg:border-r">
      {targets.map(({ target, entries, unchanged, sameAs }) => (
        <div key={`${target.cluster}/${target.namespace}`}>
          <TargetHead target={target} />
          <ul className="py-1.5">
            {entries.map(({ key, object }) => (
              <li key={key}>
                <button
                  type="button"
                  aria-current={key === current}
                  disabled={sameAs !== null}
                  onClick={() => onPick(key)}
                  className={cx(
                    "grid min-h-[30px] w-full grid-cols-[16px_15px_minmax(0,1fr)_auto] items-center gap-2 px-3.5 text-left enabled:hover:bg-hover",
                    key === current && "bg-selected shadow-[inset_2px_0_var(--accent)]",
                  )}
                >
                  <ChangeSign change={object.change} label={t(`change.${object.change}`)} />
                  <KindIcon kind={object.kind} />
                  <span className="truncate" title={`${object.kind} ${object.name}`}>
                    {object.name}
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
      <div className="mt-1 border-t border-line px-2 py-2.5 text-sm">
        <p className="px-1.5 pb-1 text-fg-3">{t("review.bySource")}</p>
        {countSources(distinctEntries(targets)).map(([name, count]) => {
          const Icon = SOURCE_ICONS[name];
          return (
            <button
              key={name}
              type="button"
              aria-pressed={source === name}
              onClick={() => onSource(source === name ? null : name)}
              className={cx(
                "flex min-h-[26px] w-full items-center gap-2 rounded-md px-1.5 text-fg-2 hover:bg-hover",
                source === name && "bg-selected text-fg",
              )}
            >
              <Icon aria-hidden className="text-fg-3" />
              {t(`source.${name}`)}
              <span className="ml-auto text-fg-3">{t("review.objectCount", { count })}</span>
            </button>
          );
        })}
      </div>
    </nav>
  );
}
