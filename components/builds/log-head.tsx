import { useTranslations } from "next-intl";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { StageView } from "./build-stages.ts";

/** Over the lines of a log: the stage that is looked at, how long it took, which lines are its. */
export function LogHead({
  stages,
  current,
}: {
  stages: readonly StageView[];
  current: StageView | undefined;
}) {
  const t = useTranslations("builds");
  if (current === undefined || current.line === null) {
    return <div className="log-head text-fg-3">{t("beforeStages")}</div>;
  }
  const { name, state, line, startedAt, durationMs } = current;
  const next = stages.slice(stages.indexOf(current) + 1).find((stage) => stage.line !== null)?.line ?? null;
  return (
    <div className="log-head">
      <StateIcon state={state} />
      <span className="min-w-0 truncate font-medium text-fg">
        {t.has(`stages.${name}`) ? t(`stages.${name}`) : name}
      </span>
      {state === "running" && startedAt !== null ? (
        <LiveDuration since={startedAt} className="text-run" />
      ) : (
        durationMs !== null && <Duration seconds={durationMs / 1000} />
      )}
      <span className="ml-auto flex-none tabular-nums">
        {next === null ? t("linesFrom", { from: line }) : t("linesOf", { from: line, to: next - 1 })}
      </span>
    </div>
  );
}
