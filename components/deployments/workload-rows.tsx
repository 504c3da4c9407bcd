"use client";

import { useTranslations } from "next-intl";
import { KindIcon } from "#components/plans/object-marks.tsx";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { PodCell } from "#components/ui/pod-cell.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import {
  type Cell,
  newCells,
  newReady,
  oldCells,
  oldServing,
  seconds,
  type TargetRun,
  type Workload,
} from "./progress-model.ts";
import { courseOf } from "./times-model.ts";

const BADGES = { healthy: "healthy", progressing: "progressing", failed: "failed" } as const;

function Pods({
  cells,
  selected,
  onPick,
}: {
  cells: Cell[];
  selected: string | null;
  onPick: (cell: Cell) => void;
}) {
  return (
    <span className="inline-flex flex-wrap gap-[3px]">
      {cells.map((cell) => (
        <PodCell
          key={cell.name}
          look={cell.look}
          name={cell.name}
          selected={selected === cell.name}
          onClick={cell.pod === null ? undefined : () => onPick(cell)}
        />
      ))}
    </span>
  );
}

/** How long a component's pods take to be replaced, or took. */
function RolloutTime({ target, workload }: { target: TargetRun; workload: Workload }) {
  const course = courseOf(target, workload);
  if (course === null) return <span className="text-fg-3">–</span>;
  if (course.to === null) return <LiveDuration since={course.from} />;
  return <Duration seconds={seconds(course.from, course.to)} />;
}

/** Components of a target: pods of the new revision fill while those of the old one drain. */
export function WorkloadRows({
  target,
  release,
  tried,
  selected,
  onPick,
}: {
  target: TargetRun;
  release: string;
  /** What is seen are canaries: the old version stands beside them as it was. */
  tried: boolean;
  selected: string | null;
  onPick: (cell: Cell) => void;
}) {
  const t = useTranslations("deployments.pods");
  return (
    <div className="table-scroll">
      <table className="w-full min-w-[600px] [&_td]:h-8 [&_td]:pr-4 [&_td]:align-middle [&_th]:h-[26px] [&_th]:pr-4 [&_th]:text-left [&_th]:text-sm [&_th]:font-normal [&_th]:whitespace-nowrap [&_th]:text-fg-3">
        <thead>
          <tr>
            <th scope="col" className="w-36 pl-3.5">
              {t("component")}
            </th>
            <th scope="col" className="w-52">
              {t("new")} <span className="font-mono">{release.split("-").slice(-1)}</span>
            </th>
            <th scope="col" className="w-28">
              {t("readiness")}
            </th>
            <th scope="col">{t("old")}</th>
            <th scope="col" className="w-24 text-right!">
              {t("time")}
            </th>
          </tr>
        </thead>
        <tbody>
          {target.workloads.map((workload) => {
            const old = oldCells(workload);
            const serving = oldServing(workload);
            const ready = newReady(workload);
            return (
              <tr key={`${workload.kind} ${workload.name}`}>
                <td className="pl-3.5">
                  <span
                    className="inline-flex max-w-36 items-center sm:max-w-64 gap-1.5 font-medium"
                    title={`${workload.kind} ${workload.name}`}
                  >
                    <KindIcon kind={workload.kind} />
                    <span className="truncate">{workload.component}</span>
                  </span>
                </td>
                <td>
                  <div className="min-w-44">
                    <Pods cells={newCells(workload)} selected={selected} onPick={onPick} />
                  </div>
                </td>
                <td>
                  <StateBadge
                    state={BADGES[workload.state]}
                    text={t("ready", { ready, desired: workload.desired })}
                  />
                </td>
                <td>
                  <span className="inline-flex items-center gap-2 whitespace-nowrap">
                    {old.length > 0 && <Pods cells={old} selected={selected} onPick={onPick} />}
                    <span className="text-fg-3">
                      {tried
                        ? t("untouched")
                        : old.length === 0
                          ? t("drained")
                          : serving > 0
                            ? t("serving")
                            : t("draining")}
                    </span>
                  </span>
                </td>
                <td className="text-right text-fg-2">
                  <RolloutTime target={target} workload={workload} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
