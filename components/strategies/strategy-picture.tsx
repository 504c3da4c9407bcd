"use client";

import { Hourglass, ListChecks, UserCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { cx } from "#components/ui/cx.ts";
import type { Strategy, Wait } from "#lib/strategies/schema.ts";
import { type PodKind, type Stage, stagesOf } from "./strategy-stages.ts";
import { useWaitText } from "./use-wait-text.ts";

/** More pods of a kind than this are a number. */
const DRAWN = 6;
const LOOKS: Readonly<Record<PodKind, string>> = {
  old: "border-line-strong bg-(--idle-solid)",
  new: "border-accent bg-accent",
  idle: "border-accent bg-accent-soft",
};
const SIGNS: Readonly<Record<Wait["kind"], typeof Hourglass | null>> = {
  none: null,
  person: UserCheck,
  seconds: Hourglass,
  checks: ListChecks,
};

/** A small picture of what becomes of the pods, stage by stage, with what is waited for between them. */
export function StrategyPicture({ strategy, replicas }: { strategy: Strategy; replicas: number }) {
  const t = useTranslations("strategies");
  const stages = stagesOf(strategy, replicas);
  const kinds = [...new Set(stages.flatMap(({ pods }) => pods.map(({ kind }) => kind)))];
  return (
    <figure className="rounded-md border border-line bg-sunken px-3 py-2.5">
      <figcaption className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-fg-2">
        <span className="mr-auto">{t("picture", { replicas })}</span>
        {kinds.map((kind) => (
          <span key={kind} className="inline-flex items-center gap-1.5">
            <span aria-hidden className={cx("size-2.5 rounded-[2px] border", LOOKS[kind])} />
            {t(`pod.${kind}`)}
          </span>
        ))}
      </figcaption>
      <ol className="flex flex-wrap items-stretch gap-x-1 gap-y-2">
        {stages.map((stage, index) => (
          <Fragment key={`${stage.name} ${stage.percent ?? ""}`}>
            {index > 0 && <Between wait={stages[index - 1]?.wait} />}
            <StageBox stage={stage} />
          </Fragment>
        ))}
      </ol>
    </figure>
  );
}

function StageBox({ stage }: { stage: Stage }) {
  const t = useTranslations("strategies");
  return (
    <li className="flex min-w-16 flex-col gap-1.5 rounded-sm border border-line bg-surface px-2 py-1.5">
      <span className="text-sm font-medium whitespace-nowrap">
        {t(`stage.${stage.name}`, { percent: stage.percent ?? 0 })}
      </span>
      <span className="flex min-h-3 flex-wrap gap-x-2 gap-y-1">
        {stage.pods.map(({ kind, count }) => (
          <span
            key={kind}
            className="inline-flex items-center gap-[3px]"
            role="img"
            aria-label={`${t(`pod.${kind}`)} ${t("many", { count })}`}
          >
            {Array.from({ length: count > DRAWN ? 1 : count }, (_, pod) => `${kind} ${pod}`).map((pod) => (
              <span key={pod} aria-hidden className={cx("h-3 w-2 rounded-[2px] border", LOOKS[kind])} />
            ))}
            {count > DRAWN && (
              <span className="font-mono text-xs whitespace-nowrap">{t("many", { count })}</span>
            )}
          </span>
        ))}
        {stage.pods.length === 0 && (
          <span aria-hidden className="h-3 w-6 rounded-[2px] border border-dashed border-line-strong" />
        )}
      </span>
    </li>
  );
}

function Between({ wait }: { wait: Wait | undefined }) {
  const say = useWaitText();
  const Sign = wait ? SIGNS[wait.kind] : null;
  return (
    <li className="flex flex-col items-center justify-center px-1 text-sm text-fg-2">
      {wait && Sign !== null && (
        <span className="inline-flex items-center gap-1 whitespace-nowrap">
          <Sign aria-hidden />
          {say(wait)}
        </span>
      )}
      <span aria-hidden className="text-fg-3">
        →
      </span>
    </li>
  );
}
