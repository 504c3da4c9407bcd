"use client";

import {
  ChevronDown,
  ChevronRight,
  CornerDownRight,
  Layers2,
  MoveVertical,
  Pause,
  Play,
  RotateCw,
} from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ArtifactLink } from "#components/artifacts/artifact-link.tsx";
import { KindIcon } from "#components/plans/object-marks.tsx";
import { useCodeText } from "#components/ui/code-text.ts";
import { MiddleText } from "#components/ui/copyable.tsx";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { WORKLOAD_KINDS } from "#lib/live/schema.ts";
import type { PodView } from "#lib/rollouts/schema.ts";
import { type LiveWorkload, shortPod, WORKLOAD_STATES } from "./live-model.ts";
import type { Verb } from "./operate-dialog.tsx";
import { podState } from "./pod-state.ts";

/** Columns of a pod's row and of the head above; in a narrow card without its age. */
export const POD_COLUMNS =
  "grid grid-cols-[minmax(72px,1fr)_minmax(0,max-content)_36px_92px] items-center gap-x-3 @max-sm:grid-cols-[minmax(72px,1fr)_minmax(0,max-content)_28px]";

function PodRow({
  pod,
  workload,
  selected,
  onPick,
}: {
  pod: PodView;
  workload: string;
  selected: boolean;
  onPick: () => void;
}) {
  const t = useTranslations("live");
  return (
    <li>
      <button
        type="button"
        onClick={onPick}
        aria-pressed={selected}
        className={cx(
          POD_COLUMNS,
          "min-h-[30px] w-full px-3.5 text-left hover:bg-hover",
          selected && "bg-selected shadow-[inset_2px_0_var(--accent)]",
        )}
      >
        <span className="flex min-w-0 items-center gap-2 pl-5">
          <CornerDownRight aria-hidden className="size-3! text-fg-3" />
          <MiddleText text={shortPod(pod.name, workload)} max={22} className="truncate font-mono text-sm" />
        </span>
        <StateBadge
          state={podState(pod.state)}
          size="small"
          text={<span className="truncate">{pod.reason ?? t(`panel.pod.${pod.state}`)}</span>}
          className="min-w-0"
        />
        <span className={cx("text-right", pod.restarts > 0 ? "font-semibold text-bad" : "text-fg-3")}>
          {pod.restarts}
        </span>
        <span className="truncate text-right text-sm text-fg-3 @max-sm:hidden">
          {pod.startedAt !== null && <TimeAgo at={pod.startedAt} />}
        </span>
      </button>
    </li>
  );
}

/** A workload with its revisions and their pods; at its head what may be done with it. */
export function WorkloadTree({
  cluster,
  workload,
  drifted,
  mayOperate,
  picked,
  onPick,
  onAct,
}: {
  cluster: string;
  workload: LiveWorkload;
  drifted: boolean;
  mayOperate: boolean;
  picked: string | null;
  onPick: (pod: string) => void;
  onAct: (verb: Verb) => void;
}) {
  const t = useTranslations("live");
  const codeText = useCodeText();
  const [open, setOpen] = useState(true);
  const operable = WORKLOAD_KINDS.some((kind) => kind === workload.kind);
  const why = mayOperate ? "" : ` · ${t("mayNotOperate")}`;
  return (
    <section aria-label={`${cluster} ${workload.name}`} className="border-b border-line py-1.5 last:border-0">
      <header className="flex min-h-9 items-center gap-2 px-3.5">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-center gap-2 text-left @max-sm:flex-wrap"
        >
          {open ? (
            <ChevronDown aria-hidden className="text-fg-3" />
          ) : (
            <ChevronRight aria-hidden className="text-fg-3" />
          )}
          <KindIcon kind={workload.kind} />
          <span className="truncate font-medium" title={workload.name}>
            {workload.name}
          </span>
          <span className="truncate text-fg-3 max-2xl:hidden">{workload.kind}</span>
          {drifted && <StateBadge state="drift" size="small" pill />}
          {workload.paused && <StateBadge state="paused" size="small" pill />}
        </button>
        <span className="whitespace-nowrap text-fg-2">
          {workload.ready}/{workload.desired}
        </span>
        <StateBadge state={WORKLOAD_STATES[workload.state]} />
        {operable && (
          <span className="flex">
            {workload.kind === "Deployment" && (
              <IconButton
                size="small"
                label={`${t(workload.paused ? "resume.verb" : "pause.verb", { name: workload.name })}${why}`}
                icon={workload.paused ? <Play aria-hidden /> : <Pause aria-hidden />}
                disabled={!mayOperate}
                onClick={() => onAct(workload.paused ? "resume" : "pause")}
              />
            )}
            <IconButton
              size="small"
              label={`${t("restart.verb", { name: workload.name })}${why}`}
              icon={<RotateCw aria-hidden />}
              disabled={!mayOperate}
              onClick={() => onAct("restart")}
            />
            <IconButton
              size="small"
              label={
                workload.kind === "DaemonSet"
                  ? t("scale.notDaemonSet")
                  : `${t("scale.verb", { name: workload.name })}${why}`
              }
              icon={<MoveVertical aria-hidden />}
              disabled={!mayOperate || workload.kind === "DaemonSet"}
              onClick={() => onAct("scale")}
            />
          </span>
        )}
      </header>
      {open && (
        <>
          {workload.cause !== undefined && workload.state === "failed" && (
            <p className="mx-3.5 mb-1.5 rounded-md bg-bad-soft px-2.5 py-1.5 text-bad">
              {codeText([`deployments.causes.${workload.cause.code}`], {
                ...workload.cause,
                facts: {
                  component: workload.component,
                  object: `${workload.kind} ${workload.name}`,
                  ...workload.cause.facts,
                },
              })}
            </p>
          )}
          {workload.revisions.map((revision) => {
            const digest = revision.pods.find((pod) => pod.digest !== null)?.digest;
            return (
              <div key={`${revision.name} ${revision.revision}`}>
                <div className="flex min-h-[30px] min-w-0 flex-wrap items-center gap-x-2 gap-y-1 px-3.5">
                  <Layers2 aria-hidden className="ml-[3px] text-fg-3" />
                  <span className="text-fg-2">{t(`revision.${revision.revision}`)}</span>
                  <MiddleText
                    text={shortPod(revision.name, workload.name)}
                    max={18}
                    className="font-mono text-sm text-fg-3"
                  />
                  {revision.release !== null && (
                    <Link href={`/releases/${revision.release}`} className="min-w-0 hover:text-accent">
                      <Tag mono>{revision.release}</Tag>
                    </Link>
                  )}
                  {digest != null && (
                    <ArtifactLink digest={digest} release={revision.release} className="min-h-6 text-fg-2" />
                  )}
                </div>
                <ul>
                  {revision.pods.map((pod) => (
                    <PodRow
                      key={pod.name}
                      pod={pod}
                      workload={workload.name}
                      selected={picked === pod.name}
                      onPick={() => onPick(pod.name)}
                    />
                  ))}
                </ul>
              </div>
            );
          })}
          {workload.revisions.length === 0 && <p className="px-3.5 py-1.5 pl-9 text-fg-3">{t("noPods")}</p>}
        </>
      )}
    </section>
  );
}
