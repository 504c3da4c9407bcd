"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Fragment, useState } from "react";
import { PodPanel } from "#components/environments/pod-panel.tsx";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { ImageCopies } from "#components/policies/image-copies.tsx";
import { PageProject } from "#components/shell/page-project.tsx";
import { cx } from "#components/ui/cx.ts";
import { Page } from "#components/ui/page.tsx";
import { PodLegend } from "#components/ui/pod-cell.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { SkeletonPage } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { deploymentQuery } from "#lib/deployments/client.ts";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { liveQuery } from "#lib/live/client.ts";
import { ActionDialog } from "./action-dialog.tsx";
import { AutomaticNote } from "./automatic-note.tsx";
import { DeploymentFacts } from "./deployment-facts.tsx";
import { DeploymentHead } from "./deployment-head.tsx";
import { DeploymentTimeline } from "./deployment-timeline.tsx";
import { EndedBanner } from "./ended-banner.tsx";
import { FailureSummary } from "./failure-summary.tsx";
import { gateOf, wavesOf } from "./flow-model.ts";
import { TargetLane } from "./target-lane.tsx";
import { useDeploymentActions } from "./use-deployment-actions.ts";
import { WaitingBar } from "./waiting-bar.tsx";
import { WaveGate } from "./wave-gate.tsx";

/** The pod that the page opens by itself: the one that a failed target's cause names. */
function failingPod(deployment: DeploymentDto | undefined): string | null {
  const failed = deployment?.targets.find(({ state }) => state === "failed");
  const pod = failed?.cause?.facts.pod;
  return typeof pod === "string" ? pod : null;
}

function find(deployment: DeploymentDto, name: string | null) {
  for (const target of deployment.targets) {
    const pod = target.workloads.flatMap(({ pods }) => pods).find((one) => one.name === name);
    if (pod !== undefined) return { target, pod };
  }
  return null;
}

/** A deployment as it goes on: waves and targets as lanes, pods as cells, the failing container's log beside. */
export function DeploymentView({ id, typeName }: { id: string; typeName: string | null }) {
  const t = useTranslations("deployments");
  const { data: deployment, error, isPending, refetch } = useQuery(deploymentQuery(id));
  const actions = useDeploymentActions(id);
  // undefined: the reader has not chosen; the failing pod then opens by itself. null: closed.
  const [picked, setPicked] = useState<string | null | undefined>(undefined);
  useLiveQueries([`deployment:${id}`], [deploymentQuery(id).queryKey]);
  const open =
    deployment === undefined
      ? null
      : find(deployment, picked === undefined ? failingPod(deployment) : picked);
  const place = { project: deployment?.project ?? "", environment: deployment?.environment ?? "" };
  const live = useQuery({ ...liveQuery(place), enabled: open !== null, staleTime: 15_000 });
  if (isPending) return <SkeletonPage />;
  if (deployment === undefined) {
    return (
      <Page>
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      </Page>
    );
  }
  const waves = wavesOf(deployment.targets);
  const nextWave = waves.slice(1).find((wave) => gateOf(deployment, wave) !== "passed");
  return (
    <Page>
      <PageProject project={deployment.project} />
      <DeploymentHead deployment={deployment} actions={actions} />
      {actions.problem !== null && actions.asked === null && <ProblemAlert problem={actions.problem} />}
      <WaitingBar deployment={deployment} actions={actions} />
      <AutomaticNote deployment={deployment} />
      <DeploymentFacts deployment={deployment} />
      <FailureSummary deployment={deployment} />
      <EndedBanner deployment={deployment} />
      <div className={cx("grid items-start gap-4", open !== null && "xl:grid-cols-[minmax(0,1fr)_420px]")}>
        <div className="flex min-w-0 flex-col gap-3">
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
            <h2>{t("lanes")}</h2>
            <PodLegend />
          </div>
          {waves.map((wave, index) => (
            <Fragment key={wave.wave}>
              {index > 0 && (
                <WaveGate deployment={deployment} wave={wave} withRules={wave.wave === nextWave?.wave} />
              )}
              {wave.targets.map((target) => (
                <TargetLane
                  key={target.id}
                  deployment={deployment}
                  target={target}
                  actions={actions}
                  selected={open?.pod.name ?? null}
                  onPick={(pod) => setPicked(open?.pod.name === pod ? null : pod)}
                />
              ))}
            </Fragment>
          ))}
          <ImageCopies release={deployment.release} environment={deployment.environment} />
          <DeploymentTimeline deployment={deployment} />
        </div>
        {open !== null && (
          <div className="xl:sticky xl:top-[60px]">
            <PodPanel
              key={open.pod.name}
              place={place}
              cluster={open.target.cluster}
              namespace={open.target.namespace}
              pod={open.pod}
              events={live.data?.targets.find(({ cluster }) => cluster === open.target.cluster)?.events ?? []}
              onClose={() => setPicked(null)}
            />
          </div>
        )}
      </div>
      <ActionDialog deployment={deployment} actions={actions} typeName={typeName} />
    </Page>
  );
}
