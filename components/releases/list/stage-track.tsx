import { useTranslations } from "next-intl";
import { StateIcon } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import type { ReleaseSummaryDto } from "#lib/releases/schema.ts";

/** The way of a release order in one line: an icon and the name of each environment, the word for whoever listens. */
export function StageTrack({ stages }: { stages: ReleaseSummaryDto["stages"] }) {
  const t = useTranslations("states");
  return (
    <ol className="flex items-center">
      {stages.map((stage, index) => {
        const state = asState(stage.state);
        const quiet = stage.state === "waiting";
        return (
          <li
            key={stage.environment}
            title={`${stage.environment} ${stage.environmentName}: ${t(state)}`}
            className="flex items-center"
          >
            {index > 0 && <span aria-hidden className="mx-1 h-px w-2 bg-line-strong" />}
            <span className="inline-flex items-center gap-1">
              <StateIcon state={state} />
              <span className={quiet ? "text-sm text-fg-3" : "text-sm text-fg-2"}>{stage.environment}</span>
              <span className="sr-only">{t(state)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
