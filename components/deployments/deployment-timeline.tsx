"use client";

import { Radio } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLiveState } from "#components/live/live-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { TimelineRow } from "#components/ui/steps.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { canaryShare, type TimelineEntry, timelineOf } from "./timeline-model.ts";

/** With many targets there are hundreds; the newest tell how it stands. */
const FIRST = 40;

function useEntryText(): (entry: TimelineEntry) => string {
  const t = useTranslations("deployments");
  return (entry) => {
    switch (entry.what) {
      case "act":
        return t(`timeline.act.${entry.act}`, { person: entry.person, wave: entry.wave });
      case "step": {
        const share = canaryShare(entry.step);
        const name = t(`step.${entry.step.name}`);
        return t("timeline.step", {
          step: share === null ? name : `${name} ${share}% `,
          result: t(`step.state.${entry.step.state}`),
          count: entry.step.detail?.objects?.length ?? 0,
        });
      }
      case "ended":
        return t("timeline.ended", { state: t(`timeline.state.${entry.state}`) });
      case "started":
        return t("timeline.started");
      default:
        return t(`timeline.${entry.what}`, { person: entry.person });
    }
  };
}

/** Everything that happened, newest first: what the portal did, and who did what. */
export function DeploymentTimeline({ deployment }: { deployment: DeploymentDto }) {
  const t = useTranslations("deployments.timeline");
  const live = useLiveState();
  const textOf = useEntryText();
  const [all, setAll] = useState(false);
  const open = deployment.endedAt === null;
  const entries = timelineOf(deployment);
  const shown = all ? entries : entries.slice(0, FIRST);
  return (
    <Card>
      <CardHeader title={t("title")}>
        {open && live && (
          <span className="inline-flex items-center gap-1.5 text-run">
            <Radio aria-hidden />
            {t("live")}
          </span>
        )}
      </CardHeader>
      <ol className="py-1">
        {shown.map((entry, index) => (
          <TimelineRow
            key={entry.key}
            time={<ExactTime at={entry.at} />}
            state={entry.state}
            title={
              <span className="flex items-center gap-2">
                {entry.place !== null && <Tag className="max-w-2/5 flex-none">{entry.place}</Tag>}
                <span className="truncate">{textOf(entry)}</span>
              </span>
            }
            detail={
              entry.what === "act" && entry.reason !== null ? (
                <span className="break-words">{t("reason", { reason: entry.reason })}</span>
              ) : undefined
            }
            end={entry.seconds === null ? undefined : <Duration seconds={entry.seconds} />}
            fresh={open && index === 0}
          />
        ))}
      </ol>
      {shown.length < entries.length && (
        <CardFooter>
          <Button size="small" onClick={() => setAll(true)}>
            {t("all", { count: entries.length })}
          </Button>
        </CardFooter>
      )}
    </Card>
  );
}
