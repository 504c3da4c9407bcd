"use client";

import { Hourglass, Play } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { Countdown } from "./countdown.tsx";
import { waitingStep } from "./flow-model.ts";
import type { TargetRun } from "./progress-model.ts";
import type { DeploymentActions } from "./use-deployment-actions.ts";

/** What this target waits for; one of several that wait for a person is let go on by itself. */
export function LaneWait({
  deployment,
  target,
  actions,
}: {
  deployment: DeploymentDto;
  target: TargetRun;
  actions: DeploymentActions;
}) {
  const t = useTranslations("deployments.waiting");
  const step = waitingStep(target);
  const wait = step?.input.wait;
  if (step === null || wait === undefined || deployment.pausedAt !== null) return null;
  const until =
    wait.kind === "seconds" && step.startedAt !== null
      ? new Date(Date.parse(step.startedAt) + wait.seconds * 1000).toISOString()
      : null;
  // The one that the bar at the top asks about needs no second button.
  const asks = wait.kind === "person" && step.continued === null && deployment.waiting?.step !== step.id;
  const unwell = step.detail?.unwellSince !== undefined;
  return (
    <div className="k-wait flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-(--s) px-3.5 py-2">
      <Hourglass aria-hidden className="text-(--c)" />
      <span className="min-w-0 flex-1">
        {step.continued === null
          ? t(`lane.${wait.kind}`)
          : t("continuedBy", { person: step.continued.by.displayName })}
        {unwell && ` ${t("unwell")}`}
      </span>
      {until !== null && <Countdown until={until} />}
      {asks && (
        <Button
          size="small"
          kind="primary"
          icon={<Play aria-hidden />}
          disabled={!deployment.actions.continue.allowed}
          loading={actions.busy === "continue"}
          onClick={() => actions.go({ step: step.id })}
        >
          {t("continue")}
        </Button>
      )}
    </div>
  );
}
