"use client";

import { ArrowRight, ClipboardCheck, Eye, FileDiff, Hourglass } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import type { Freeze } from "./freeze.ts";
import { planHref } from "./plan-href.ts";
import type { AskKind } from "./stage-ask.ts";
import { StageQuestions } from "./stage-questions.tsx";
import { useReason } from "./use-reason.ts";

type Props = { release: ReleaseDto; stage: StageDto; now: boolean };
type Asking = Props & { onAsk: (kind: AskKind) => void };

/** The one next action of a stop, and the question that it asks before it is done. */
export function StageAction({ freezes, ...props }: Props & { freezes: readonly Freeze[] }) {
  return (
    <StageQuestions release={props.release} stage={props.stage} freezes={freezes}>
      {(ask) => <Action {...props} onAsk={ask} />}
    </StageQuestions>
  );
}

/** It stays in its place while it is off, with the reason beside it. */
function Action({ release, stage, now, onAsk }: Asking) {
  const t = useTranslations("releases.line");
  switch (stage.state) {
    case "waiting":
      return <Enter release={release} stage={stage} now={now} onAsk={onAsk} />;
    case "entered":
    case "failed":
      return (
        <Button
          kind={now ? "primary" : "normal"}
          icon={<FileDiff aria-hidden />}
          href={planHref(release.number, stage.environment)}
        >
          {t(stage.state === "failed" ? "planAgain" : "plan")}
        </Button>
      );
    case "deploying":
      return stage.deployment === null ? null : (
        <Button icon={<Eye aria-hidden />} href={`/deployments/${stage.deployment.id}`}>
          {t("watchDeployment")}
        </Button>
      );
    case "testing":
      return <Verdict stage={stage} now={now} onAsk={onAsk} />;
    default:
      return <Afterwards release={release} stage={stage} />;
  }
}

/** Who has the environment now, or what runs there instead. */
function Afterwards({ release, stage }: Pick<Props, "release" | "stage">) {
  const t = useTranslations("releases.line");
  const holder = stage.reservation?.release;
  const other = holder !== undefined && holder !== release.number ? holder : undefined;
  const running = stage.runningRelease;
  if (other !== undefined) {
    return (
      <Link
        href={`/releases/${encodeURIComponent(other)}`}
        className="text-fg-2 hover:text-fg hover:underline"
      >
        {t("nowHeldBy", { release: other })}
      </Link>
    );
  }
  if (running === null) return null;
  return (
    <span className="text-fg-2">
      {running === release.number ? t("runsThis") : t("nowRuns", { release: running })}
    </span>
  );
}

function Enter({ release, stage, now, onAsk }: Asking) {
  const t = useTranslations("releases.line");
  const reasonOf = useReason();
  const { environment } = stage;
  if (release.state === "abandoned") return null;
  const action = release.stages
    .find((other) => other.environment === environment)
    ?.actions.find(({ action: name }) => name === "enter");
  // Who lacks the right waits for who has it; any other reason is told in full by the question.
  const missing = action?.blockers.some(({ code }) => code === "ROLE_MISSING") === true;
  const reason = action === undefined || !missing ? undefined : reasonOf(action);
  const waits = stage.queuePosition !== null && stage.enterQueues;
  if (waits) {
    return (
      <>
        <span className="state k-wait">
          <Hourglass aria-hidden />
          {t("place", { position: stage.queuePosition ?? 1 })}
        </span>
        <Button kind="quiet" size="small" disabled={missing} onClick={() => onAsk("leaveQueue")}>
          {t("leaveQueue")}
        </Button>
      </>
    );
  }
  // Ahead of its turn there is nothing to press, but the plan may be looked at.
  const early = action === undefined || action.blockers.some(({ code }) => code === "PREVIOUS_NOT_PASSED");
  if (early && (release.state === "built" || release.state === "released")) {
    return (
      <Button icon={<FileDiff aria-hidden />} href={planHref(release.number, environment)}>
        {t("previewPlan")}
      </Button>
    );
  }
  return (
    <Button
      kind={now ? "primary" : "normal"}
      icon={stage.enterQueues ? <Hourglass aria-hidden /> : <ArrowRight aria-hidden />}
      disabled={action === undefined || missing}
      reason={reason}
      onClick={() => onAsk("enter")}
    >
      {t(stage.enterQueues ? "joinQueue" : "enter", { environment })}
    </Button>
  );
}

function Verdict({ stage, now, onAsk }: Omit<Asking, "release">) {
  const t = useTranslations("releases.line");
  const reasonOf = useReason();
  const reason = reasonOf(stage.actions.find(({ action }) => action === "pass"));
  return (
    <Button
      kind={now ? "primary" : "normal"}
      icon={<ClipboardCheck aria-hidden />}
      disabled={reason !== undefined}
      reason={reason}
      onClick={() => onAsk("verdict")}
    >
      {t("verdict")}
    </Button>
  );
}
