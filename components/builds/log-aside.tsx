"use client";

import { CircleX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import type { BuildDto } from "#lib/builds/schema.ts";
import type { Finding, LogStage } from "./log-marks.ts";

/** The last stage is where the build is, or where it ended. */
function stateOf(build: BuildDto, last: boolean): StateName {
  if (!last) return "succeeded";
  return build.state === "queued" ? "running" : build.state;
}

/** Beside the log: its stages, and the lines that look like errors or warnings. Each leads to its line. */
export function LogAside({
  build,
  stages,
  findings,
  here,
  onJump,
}: {
  build: BuildDto;
  stages: LogStage[];
  findings: Finding[];
  here: number | undefined;
  onJump: (line: number) => void;
}) {
  const t = useTranslations("builds");
  return (
    <div className="flex flex-col gap-px">
      {stages.map((stage, index) => {
        const last = index === stages.length - 1;
        const current = here !== undefined ? here >= stage.from && here <= stage.to : last;
        return (
          <button
            key={`${stage.name} ${stage.from}`}
            type="button"
            onClick={() => onJump(stage.from)}
            aria-current={current ? "step" : undefined}
            className={cx(
              "grid grid-cols-[15px_minmax(0,1fr)] gap-x-2 rounded-md px-2 py-1.5 text-left hover:bg-hover",
              current && "bg-selected",
            )}
          >
            <StateIcon state={stateOf(build, last)} className="mt-[3px]" />
            <span className={cx("truncate", current ? "font-semibold" : "font-medium")}>
              {t.has(`stages.${stage.name}`) ? t(`stages.${stage.name}`) : stage.name}
            </span>
            <span className="col-start-2 text-sm text-fg-3">
              {t("lineRange", { from: stage.from, to: stage.to })}
            </span>
          </button>
        );
      })}
      {stages.length === 0 && <p className="px-2 py-1.5 text-sm text-fg-3">{t("noStages")}</p>}
      <h3 className="px-2 pt-3.5 pb-1 text-sm text-fg-3">{t("findings")}</h3>
      {findings.length === 0 && <p className="px-2 text-sm text-fg-3">{t("noFindings")}</p>}
      {findings.map((finding) => (
        <button
          key={finding.line}
          type="button"
          title={finding.text}
          onClick={() => onJump(finding.line)}
          className="grid grid-cols-[15px_minmax(0,1fr)_max-content] items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-hover"
        >
          {finding.kind === "bad" ? (
            <CircleX aria-label={t("error")} className="text-bad" />
          ) : (
            <TriangleAlert aria-label={t("warning")} className="text-wait" />
          )}
          <span className="truncate">{finding.text}</span>
          <span className="font-mono text-xs text-fg-3">{finding.line}</span>
        </button>
      ))}
    </div>
  );
}
