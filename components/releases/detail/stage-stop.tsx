"use client";

import { asState } from "#components/ui/states.ts";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import type { Freeze } from "./freeze.ts";
import { StageAction } from "./stage-action.tsx";
import { useStageFacts } from "./stage-facts.tsx";
import { Stop } from "./stop.tsx";

/** One environment on the line. */
export function StageStop({
  release,
  stage,
  now,
  freezes,
}: {
  release: ReleaseDto;
  stage: StageDto;
  now: boolean;
  freezes: readonly Freeze[];
}) {
  const facts = useStageFacts(release, stage, freezes);
  return (
    <Stop
      name={stage.environment}
      title={stage.environmentName}
      state={asState(stage.state)}
      now={now}
      facts={facts}
      action={<StageAction release={release} stage={stage} now={now} freezes={freezes} />}
    />
  );
}
