"use client";

import { CircleX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { StageView } from "./build-stages.ts";
import type { Finding } from "./log-marks.ts";

/** Beside the log: the build's stages with their state and time, and the lines that look like errors or warnings. */
export function LogAside({
  stages,
  findings,
  searched,
  current,
  onStage,
  onFinding,
}: {
  stages: readonly StageView[];
  findings: readonly Finding[];
  /** All that there is of the log was looked through: what is not found is not there. */
  searched: boolean;
  current: StageView | undefined;
  onStage: (line: number) => void;
  onFinding: (line: number) => void;
}) {
  const t = useTranslations("builds");
  const longest = Math.max(1, ...stages.map(({ durationMs }) => durationMs ?? 0));
  return (
    <div className="flex flex-col gap-px">
      <ol aria-label={t("stagesOf")} className="flex flex-col gap-px">
        {stages.map((stage, index) => (
          // Two may have one name; when it began tells them apart.
          <li key={`${stage.name} ${stage.startedAt ?? stage.line ?? index}`}>
            <Stage
              stage={stage}
              share={(stage.durationMs ?? 0) / longest}
              current={stage === current}
              onJump={onStage}
            />
          </li>
        ))}
      </ol>
      {stages.length === 0 && searched && <p className="px-2 py-1.5 text-sm text-fg-3">{t("noStages")}</p>}
      <h3 className="px-2 pt-3.5 pb-1 text-sm text-fg-3">{t("findings")}</h3>
      {findings.length === 0 && (
        <p className="px-2 text-sm text-fg-3">{t(searched ? "noFindings" : "searching")}</p>
      )}
      {findings.map((finding) => (
        <button
          key={finding.line}
          type="button"
          title={finding.text}
          onClick={() => onFinding(finding.line)}
          className="grid grid-cols-[15px_minmax(0,1fr)_max-content] items-start gap-2 rounded-md px-2 py-1 text-left hover:bg-hover [&>svg]:mt-0.5"
        >
          {finding.kind === "bad" ? (
            <CircleX aria-label={t("error")} className="text-bad" />
          ) : (
            <TriangleAlert aria-label={t("warning")} className="text-wait" />
          )}
          <span className="line-clamp-2 break-words text-sm">{finding.text}</span>
          <span className="grid justify-items-end font-mono text-xs text-fg-3 leading-5">
            {finding.line}
            {finding.times > 1 && (
              <span title={t("saidTimes", { count: finding.times })}>×{finding.times}</span>
            )}
          </span>
        </button>
      ))}
    </div>
  );
}

function Stage({
  stage,
  share,
  current,
  onJump,
}: {
  stage: StageView;
  /** Of the longest stage's time. */
  share: number;
  current: boolean;
  onJump: (line: number) => void;
}) {
  const t = useTranslations("builds");
  const { name, state, startedAt, durationMs, usualMs, line } = stage;
  const skipped = state === "skipped";
  return (
    <button
      type="button"
      disabled={line === null}
      title={line === null ? undefined : t("stageAt", { line })}
      onClick={() => line !== null && onJump(line)}
      aria-current={current ? "step" : undefined}
      className={cx(
        "grid w-full grid-cols-[15px_minmax(0,1fr)_max-content] items-center gap-x-2 rounded-md px-2 py-1.5 text-left enabled:hover:bg-hover disabled:cursor-default",
        current && "bg-selected",
      )}
    >
      <StateIcon state={state} />
      <span className={cx("truncate", current ? "font-semibold" : "font-medium", skipped && "text-fg-3")}>
        {t.has(`stages.${name}`) ? t(`stages.${name}`) : name}
      </span>
      <span className="text-sm text-fg-3 tabular-nums">
        {state === "running" && startedAt !== null ? (
          <LiveDuration since={startedAt} className="text-run" />
        ) : skipped || durationMs === null ? null : (
          <Duration seconds={durationMs / 1000} />
        )}
      </span>
      {usualMs !== null && !skipped && (
        <span className="col-span-2 col-start-2 text-sm text-fg-3">
          {t("usually")} <Duration seconds={usualMs / 1000} />
        </span>
      )}
      {share > 0 && !skipped && (
        <span aria-hidden className="col-span-2 col-start-2 mt-1 h-0.5 rounded-full bg-line">
          <span
            className={cx("block h-full rounded-full", state === "failed" ? "bg-bad-solid" : "bg-good-solid")}
            style={{ width: `${Math.max(3, share * 100)}%` }}
          />
        </span>
      )}
    </button>
  );
}
