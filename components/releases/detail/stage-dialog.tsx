"use client";

import { Dot, Snowflake } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { BlockerList } from "#components/ui/problem.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { enterStage, leaveQueue, leaveStage } from "#lib/stages/client.ts";
import { type Freeze, freezeOf } from "./freeze.ts";
import { type Ask, type AskKind, effectsOf, movedSince } from "./stage-ask.ts";
import { StageImages } from "./stage-images.tsx";
import { StageMoved } from "./stage-moved.tsx";
import { StageWay } from "./stage-way.tsx";
import { useReleaseAction } from "./use-release-action.ts";

type Kind = Exclude<AskKind, "verdict">;

/**
 * Asks before a release order flows into an environment, joins or leaves its queue, or leaves without a verdict: which
 * order, from where to where, what it does to the environment and its queue, what stands in the way and which waivers let
 * its images through. One answer does one thing, and none to a stage that moved meanwhile.
 */
export function StageDialog({
  release,
  stage,
  ask,
  kind,
  freezes,
  onClose,
}: {
  release: ReleaseDto;
  stage: StageDto;
  ask: Ask;
  kind: Kind;
  freezes: readonly Freeze[];
  /** `done`: it was confirmed, and is done. */
  onClose: (done: boolean) => void;
}) {
  const t = useTranslations("releases.flow");
  const { environment } = stage;
  const { number, project } = release;
  const queues = kind === "enter" && stage.enterQueues;
  const verb = queues ? "queue" : kind;
  // The second half of a double click comes before the button is off; what was refused may be tried again.
  const key = useRef<string | null>(null);
  const run = useReleaseAction(
    number,
    async (): Promise<string> => {
      const click = { version: ask.version, idempotencyKey: key.current ?? crypto.randomUUID() };
      if (kind === "leave") {
        await leaveStage({ number, environment }, click);
        return t("leave.done", { environment });
      }
      if (kind === "leaveQueue") {
        await leaveQueue({ project, environment }, number);
        return t("leaveQueue.done", { environment });
      }
      const { queued, position } = await enterStage({ number, environment }, click);
      return queued
        ? t("queue.done", { environment, position: position ?? 1 })
        : t("enter.done", { environment });
    },
    (said) => said,
    { shown: true },
  );
  const settled = run.isPending || run.isSuccess;
  const moved = !settled && movedSince(ask, stage) !== null;
  const blockers =
    kind === "leaveQueue" ? [] : (stage.actions.find(({ action }) => action === kind)?.blockers ?? []);
  const freeze = kind === "enter" ? freezeOf(freezes, environment) : undefined;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose(false);
      }}
      danger={kind === "leave"}
      title={t(`${verb}.title`, { environment })}
      confirm={t(`${verb}.confirm`)}
      busy={settled}
      blocked={moved || blockers.length > 0}
      problem={moved ? null : problemOf(run.error)}
      onConfirm={() => {
        if (key.current !== null) return;
        key.current = crypto.randomUUID();
        run.mutate(undefined, {
          onSuccess: () => onClose(true),
          onError: () => {
            key.current = null;
          },
        });
      }}
      what={
        <div className="flex flex-col gap-3">
          {moved && <StageMoved ask={ask} stage={stage} />}
          <StageWay release={release} stage={stage} />
          {!moved && (
            <ul className="flex flex-col gap-1">
              {effectsOf(kind, release, stage).map(({ code, facts }) => (
                <li key={code} className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2">
                  <Dot aria-hidden className="mt-0.5 text-fg-3" />
                  <span>{t(`effect.${code}`, facts)}</span>
                </li>
              ))}
              {freeze !== undefined && (
                <li className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2">
                  <Snowflake aria-hidden className="mt-0.5 text-held" />
                  <span>
                    {t("frozen", { reason: freeze.reason })} <ExactTime at={freeze.until} style="minutes" />
                  </span>
                </li>
              )}
            </ul>
          )}
          {kind === "enter" && <StageImages release={number} environment={environment} />}
          {!moved && blockers.length > 0 && (
            <section aria-label={t("blocked")} className="rounded-md border border-bad-solid/40 px-3 py-1">
              <BlockerList blockers={blockers} />
            </section>
          )}
        </div>
      }
    />
  );
}
