"use client";

import { CloudOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { useCodeText } from "#components/ui/code-text.ts";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { CanaryTrack } from "./canary-track.tsx";
import { isTried } from "./flow-model.ts";
import { GuidedFailure } from "./guided-failure.tsx";
import { LaneWait } from "./lane-wait.tsx";
import { type Cell, seconds, stepsNow, type TargetRun } from "./progress-model.ts";
import { StepTrack } from "./step-track.tsx";
import { TakenOverFields, TargetChecks } from "./target-notes.tsx";
import type { DeploymentActions } from "./use-deployment-actions.ts";
import { WorkloadRows } from "./workload-rows.tsx";

const MANY = 4;

/** One target of one wave: its steps, its pods, and the guide when it failed. */
export function TargetLane({
  deployment,
  target,
  actions,
  selected,
  onPick,
}: {
  deployment: DeploymentDto;
  target: TargetRun;
  actions: DeploymentActions;
  selected: string | null;
  onPick: (pod: string) => void;
}) {
  const t = useTranslations("deployments");
  const codeText = useCodeText();
  const { startedAt, endedAt, cause } = target;
  // Among many targets one that has not begun is a line.
  const brief = startedAt === null && cause === null && deployment.targets.length > MANY;
  return (
    <Card id={target.id} className="scroll-mt-16">
      <CardHeader
        className={brief ? "border-b-0" : undefined}
        title={target.cluster}
        actions={
          <>
            <span className="text-fg-2">
              {startedAt !== null &&
                (endedAt === null ? (
                  <LiveDuration since={startedAt} />
                ) : (
                  <Duration seconds={seconds(startedAt, endedAt)} />
                ))}
            </span>
            <StateBadge state={asState(target.state)} pill />
          </>
        }
      >
        <Tag className="order-first flex-none">{t("wave", { wave: target.wave })}</Tag>
        {/* Where there is little room the cluster's name is what stays. */}
        <span className="min-w-0 shrink-[9999] truncate text-fg-3">{target.namespace}</span>
      </CardHeader>
      {!brief && <StepTrack steps={stepsNow(target)} />}
      <CanaryTrack target={target} />
      <LaneWait deployment={deployment} target={target} actions={actions} />
      {target.state === "unknown" && (
        <Banner
          kind="idle"
          icon={<CloudOff aria-hidden />}
          title={t("unknown.title")}
          className="stripes m-3"
        >
          {t("unknown.text")}{" "}
          {cause?.since !== undefined && (
            <>
              {t("unknown.since")} <TimeAgo at={cause.since} />
            </>
          )}
        </Banner>
      )}
      {target.workloads.length > 0 ? (
        <WorkloadRows
          target={target}
          release={deployment.release}
          tried={isTried(target)}
          selected={selected}
          onPick={(cell: Cell) => onPick(cell.name)}
        />
      ) : (
        !brief && <p className="px-3.5 py-2.5 text-fg-3">{t("pods.notYet")}</p>
      )}
      <TargetChecks target={target} />
      <TakenOverFields target={target} />
      {target.state === "succeeded" && cause !== null && (
        <p className="border-t border-line px-3.5 py-2.5 text-wait">
          {codeText([`deployments.causes.${cause.code}`], cause)}
        </p>
      )}
      {target.state === "skipped" && (
        <div className="border-t border-line px-3.5 py-2.5 text-fg-2">
          <p>{t("skipped", { reason: target.skipReason ?? "" })}</p>
          {cause !== null && (
            <p className="text-sm text-fg-3">{codeText([`deployments.causes.${cause.code}`], cause)}</p>
          )}
        </div>
      )}
      {target.state === "failed" && (
        <GuidedFailure deployment={deployment} target={target} actions={actions} onEvidence={onPick} />
      )}
      {target.state === "cancelled" && cause !== null && (
        <p className="border-t border-line px-3.5 py-2.5 text-fg-2">
          {codeText([`deployments.causes.${cause.code}`], cause)}
        </p>
      )}
    </Card>
  );
}
