"use client";

import { RotateCw, Stethoscope } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cx } from "#components/ui/cx.ts";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import type { LivePlace } from "#lib/live/client.ts";
import { DriftNote } from "./drift-note.tsx";
import { LastAnswer, SinceTime } from "./last-answer.tsx";
import { healthOf, inOrder, type LiveTarget, type LiveWorkload, type PickedPod } from "./live-model.ts";
import type { Verb } from "./operate-dialog.tsx";
import { POD_COLUMNS, WorkloadTree } from "./workload-tree.tsx";

/** A cluster that did not answer: what it told last is shown as just that, never as if it were known now. */
function Unknown({
  target,
  onCheck,
  checking,
}: {
  target: LiveTarget;
  onCheck: () => void;
  checking: boolean;
}) {
  const t = useTranslations("live.unknown");
  return (
    <div className="stripes rounded-b-lg p-3.5">
      <div className="flex flex-col gap-1.5 rounded-md bg-surface/85 p-3">
        <p className="font-semibold">{t("title")}</p>
        <p className="text-fg-2">{t("text")}</p>
        {target.message !== null && (
          <p className="font-mono text-sm break-words text-fg-3">{target.message}</p>
        )}
        <div className="mt-1.5 flex flex-wrap gap-2">
          <Button size="small" icon={<RotateCw aria-hidden />} loading={checking} onClick={onCheck}>
            {t("again")}
          </Button>
          <Button size="small" kind="quiet" icon={<Stethoscope aria-hidden />} href="/settings/clusters">
            {t("doctor")}
          </Button>
        </div>
        <div className="mt-2 border-t border-line pt-3">
          <LastAnswer cluster={target.cluster} last={target.last} />
        </div>
      </div>
    </div>
  );
}

/** One cluster of the environment: its components with revisions and pods, and where it drifted. */
export function LiveCluster({
  place,
  target,
  mayOperate,
  picked,
  onPick,
  onAct,
  onCheck,
  checking,
}: {
  place: LivePlace;
  target: LiveTarget;
  mayOperate: boolean;
  picked: PickedPod | null;
  onPick: (pod: PickedPod) => void;
  onAct: (verb: Verb, workload: LiveWorkload) => void;
  onCheck: () => void;
  checking: boolean;
}) {
  const t = useTranslations("live");
  const { cluster, namespace } = target;
  const here = picked?.cluster === cluster && picked.namespace === namespace ? picked.pod : null;
  return (
    <Card className="@container flex min-w-0 flex-col">
      <CardHeader
        title={cluster}
        hint={`/ ${namespace}`}
        actions={
          <StateBadge
            state={healthOf(target)}
            pill
            text={
              target.last && t.rich("last.since", { time: () => <SinceTime at={target.last?.at ?? ""} /> })
            }
          />
        }
      >
        {target.version !== null && <span className="font-mono text-sm text-fg-3">{target.version}</span>}
      </CardHeader>
      {target.state === "unknown" ? (
        <Unknown target={target} onCheck={onCheck} checking={checking} />
      ) : (
        <>
          {target.message !== null && (
            <p className="border-b border-line bg-wait-soft px-3.5 py-1.5 text-sm text-wait">
              {t("refused")} <span className="break-words">{target.message}</span>
            </p>
          )}
          <div className={cx(POD_COLUMNS, "border-b border-line px-3.5 py-1.5 text-sm text-fg-3")}>
            <span>{t("columns.pod")}</span>
            <span>{t("columns.state")}</span>
            <span className="text-right">{t("columns.restarts")}</span>
            <span className="text-right @max-sm:hidden">{t("columns.age")}</span>
          </div>
          {target.workloads.length === 0 && <EmptyState title={t("nothing")}>{t("nothingText")}</EmptyState>}
          {inOrder(target.workloads).map((workload) => (
            <WorkloadTree
              key={`${workload.kind} ${workload.name}`}
              cluster={cluster}
              workload={workload}
              drifted={target.drift.some(({ object }) => object === `${workload.kind} ${workload.name}`)}
              mayOperate={mayOperate}
              picked={here}
              onPick={(pod) => onPick({ cluster, namespace, pod })}
              onAct={(verb) => onAct(verb, workload)}
            />
          ))}
          <DriftNote place={place} target={target} mayOperate={mayOperate} />
        </>
      )}
    </Card>
  );
}
