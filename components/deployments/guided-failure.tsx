"use client";

import {
  GitCompareArrows,
  OctagonAlert,
  RotateCw,
  ShieldAlert,
  ShieldCheck,
  SkipForward,
  Undo2,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { useCodeText } from "#components/ui/code-text.ts";
import { useBlockerText } from "#components/ui/problem.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { placeNames } from "./place-names.ts";
import { evidenceShown, harmOf, healthyElsewhere, type TargetRun } from "./progress-model.ts";
import type { DeploymentActions } from "./use-deployment-actions.ts";

/** The end of a longer text: a program says last why it stopped. */
const lastLines = (text: string) => text.trimEnd().split("\n").slice(-4).join("\n");

function Way({ button, why }: { button: ReactNode; why: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {button}
      <span className="text-sm text-fg-2">{why}</span>
    </div>
  );
}

/** A failed target: cause in a sentence, its evidence, whether anyone is hurt, where it probably lies, what to do. */
export function GuidedFailure({
  deployment,
  target,
  actions,
  onEvidence,
}: {
  deployment: DeploymentDto;
  target: TargetRun;
  actions: DeploymentActions;
  /** Opens the log of the pod that the cause names. */
  onEvidence: (pod: string) => void;
}) {
  const t = useTranslations("deployments.failure");
  const codeText = useCodeText();
  const { textOf } = useBlockerText();
  const { cause } = target;
  if (cause === null) return null;
  const component = String(cause.facts.component ?? "");
  const pod = typeof cause.facts.pod === "string" ? cause.facts.pod : null;
  const nameOf = placeNames(deployment.targets);
  const harm = harmOf(target, component);
  const elsewhere = healthyElsewhere(deployment.targets, target, component);
  const later = deployment.targets.filter(({ wave, startedAt }) => wave > target.wave && startedAt === null);
  const { retry, rollback, skip } = deployment.actions;
  return (
    <div className="flex flex-col gap-3 rounded-b-lg border-t border-line bg-linear-to-b from-bad-soft to-transparent to-70% p-3.5">
      <p className="grid grid-cols-[18px_minmax(0,1fr)] gap-2 text-lg leading-snug font-semibold">
        <OctagonAlert aria-hidden className="mt-0.5 size-[18px] text-bad" />
        <span className="break-words">{codeText([`deployments.causes.${cause.code}`], cause)}</span>
      </p>
      {cause.evidence.length > 0 && (
        <ul className="rounded-md border border-line bg-surface text-sm sm:ml-[26px]">
          {evidenceShown(cause.evidence).map((evidence) => (
            <li
              key={`${evidence.source} ${evidence.at} ${evidence.text}`}
              className="grid grid-cols-[36px_minmax(0,1fr)] items-baseline gap-x-2.5 border-b border-line px-2.5 py-1.5 last:border-0 sm:grid-cols-[36px_60px_minmax(0,1fr)_max-content]"
            >
              <span className="text-fg-3">{t(`source.${evidence.source}`)}</span>
              <span className="text-fg-3 max-sm:hidden">
                {evidence.at !== null && <ExactTime at={evidence.at} />}
              </span>
              <span className="font-mono break-words whitespace-pre-wrap">{lastLines(evidence.text)}</span>
              {evidence.source === "log" && pod !== null && (
                <button
                  type="button"
                  className="text-accent hover:underline max-sm:hidden"
                  onClick={() => onEvidence(pod)}
                >
                  {t("openLog")}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <ul className="flex flex-col gap-1.5 text-fg-2 sm:ml-[26px] [&_b]:font-medium [&_b]:text-fg [&_li]:grid [&_li]:grid-cols-[15px_minmax(0,1fr)] [&_li]:gap-2 [&_svg]:mt-0.5">
        <li>
          {harm.kind === "none" ? (
            <ShieldCheck aria-hidden className="text-good" />
          ) : (
            <ShieldAlert aria-hidden className="text-wait" />
          )}
          <span>
            {t.rich(`harm.${harm.kind}`, {
              count: harm.serving,
              cluster: nameOf(target),
              b: (text) => <b>{text}</b>,
            })}
          </span>
        </li>
        {/* Once both were compared the head of the page says it more precisely. */}
        {target.comparison === null && elsewhere.length > 0 && (
          <li>
            <GitCompareArrows aria-hidden />
            <span>
              {t.rich("elsewhere", {
                cluster: nameOf(target),
                other: elsewhere.map(nameOf).join(t("comma")),
                b: (text) => <b>{text}</b>,
              })}
            </span>
          </li>
        )}
        {later.length > 0 && (
          <li>
            <SkipForward aria-hidden />
            <span>
              {t.rich("later", {
                count: later.length,
                clusters: later.map(nameOf).join(t("comma")),
                b: (text) => <b>{text}</b>,
              })}
            </span>
          </li>
        )}
      </ul>
      {deployment.state !== "rolled_back" && (
        <div className="grid gap-2.5 sm:ml-[26px] sm:grid-cols-3">
          <Way
            button={
              <Button
                wide
                kind="primary"
                icon={<RotateCw aria-hidden />}
                disabled={!retry.allowed}
                loading={actions.busy === "retry"}
                onClick={() => actions.ask({ verb: "retry" })}
              >
                {t("retry")}
              </Button>
            }
            why={
              retry.blockers[0] === undefined
                ? t("retryWhy", { cluster: nameOf(target) })
                : textOf(retry.blockers[0])
            }
          />
          <Way
            button={
              <Button
                wide
                icon={<SkipForward aria-hidden />}
                disabled={!skip.allowed}
                loading={actions.busy === "skip"}
                onClick={() => actions.ask({ verb: "skip", target: target.id })}
              >
                {t("skip")}
              </Button>
            }
            why={
              skip.blockers[0] === undefined
                ? t("skipWhy", { cluster: nameOf(target) })
                : textOf(skip.blockers[0])
            }
          />
          <Way
            button={
              <Button
                wide
                kind="danger"
                icon={<Undo2 aria-hidden />}
                disabled={!rollback.allowed}
                loading={actions.busy === "rollback"}
                onClick={() => actions.ask({ verb: "rollback" })}
              >
                {t("rollback")}
              </Button>
            }
            why={rollback.blockers[0] === undefined ? t("rollbackWhy") : textOf(rollback.blockers[0])}
          />
        </div>
      )}
    </div>
  );
}
