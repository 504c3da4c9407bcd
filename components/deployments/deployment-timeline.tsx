"use client";

import { Radio } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveState } from "#components/live/live-provider.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { TimelineRow } from "#components/ui/steps.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { type TimelineEntry, timelineOf } from "./progress-model.ts";

/** Everything that happened, newest first. */
export function DeploymentTimeline({ deployment }: { deployment: DeploymentDto }) {
  const t = useTranslations("deployments");
  const live = useLiveState();
  const open = deployment.endedAt === null;
  const entries = timelineOf(deployment);
  const text = (entry: TimelineEntry) => {
    if (entry.what === "step")
      return t("timeline.step", {
        step: entry.share === null ? t(`step.${entry.step}`) : `${t(`step.${entry.step}`)} ${entry.share}% `,
        result: t(`step.state.${entry.result}`),
        count: entry.count,
      });
    if (entry.what === "ended") return t("timeline.ended", { state: t(`timeline.state.${entry.result}`) });
    return t(`timeline.${entry.what}`, { person: entry.person ?? "" });
  };
  return (
    <Card>
      <CardHeader title={t("timeline.title")}>
        {open && live && (
          <span className="inline-flex items-center gap-1.5 text-run">
            <Radio aria-hidden />
            {t("timeline.live")}
          </span>
        )}
      </CardHeader>
      <ol className="py-1">
        {entries.map((entry, index) => (
          <TimelineRow
            key={`${entry.at} ${entry.cluster} ${entry.what} ${entry.step} ${entry.result}`}
            time={<ExactTime at={entry.at} />}
            state={entry.state}
            title={
              <span className="inline-flex max-w-full items-center gap-2">
                {entry.cluster !== null && <Tag>{entry.cluster}</Tag>}
                <span className="truncate">{text(entry)}</span>
              </span>
            }
            end={entry.seconds !== null && <Duration seconds={entry.seconds} />}
            fresh={open && index === 0}
          />
        ))}
      </ol>
    </Card>
  );
}
