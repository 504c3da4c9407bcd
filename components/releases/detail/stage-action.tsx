"use client";

import { ArrowRight, ClipboardCheck, Eye, FileDiff, Hourglass } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { enterStage, leaveQueue } from "#lib/stages/client.ts";
import { useReason } from "./use-reason.ts";
import { useReleaseAction } from "./use-release-action.ts";
import { VerdictDialog } from "./verdict-dialog.tsx";

type Props = { release: ReleaseDto; stage: StageDto; now: boolean };

export const planHref = (number: string, environment: string) =>
  `/releases/${encodeURIComponent(number)}/plan/${encodeURIComponent(environment)}`;

/** The one next action of a stop. It stays in its place while it is off, with the reason beside it. */
export function StageAction({ release, stage, now }: Props) {
  const t = useTranslations("releases.line");
  switch (stage.state) {
    case "waiting":
      return <Enter release={release} stage={stage} now={now} />;
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
      return <Verdict release={release} stage={stage} now={now} />;
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

function Enter({ release, stage, now }: Props) {
  const t = useTranslations("releases.line");
  const reasonOf = useReason();
  const { environment } = stage;
  const enter = useReleaseAction(
    release.number,
    () => enterStage({ number: release.number, environment }),
    (answer) =>
      answer.queued
        ? t("queued", { environment, position: answer.position ?? 1 })
        : t("entered", { environment }),
  );
  const leave = useReleaseAction(
    release.number,
    () => leaveQueue({ project: release.project, environment }, release.number),
    () => t("leftQueue", { environment }),
  );
  if (release.state === "abandoned") return null;
  const action = release.stages
    .find((other) => other.environment === environment)
    ?.actions.find(({ action: name }) => name === "enter");
  const reason = action === undefined ? undefined : reasonOf(action);
  const waits = stage.queuePosition !== null && stage.enterQueues;
  if (waits) {
    const missing = action?.blockers.some(({ code }) => code === "ROLE_MISSING");
    return (
      <>
        <span className="state k-wait">
          <Hourglass aria-hidden />
          {t("place", { position: stage.queuePosition ?? 1 })}
        </span>
        <Button
          kind="quiet"
          size="small"
          loading={leave.isPending}
          disabled={missing}
          onClick={() => leave.mutate()}
        >
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
      loading={enter.isPending}
      disabled={action === undefined || reason !== undefined}
      reason={reason}
      onClick={() => enter.mutate()}
    >
      {t(stage.enterQueues ? "joinQueue" : "enter", { environment })}
    </Button>
  );
}

function Verdict({ release, stage, now }: Props) {
  const t = useTranslations("releases.line");
  const reasonOf = useReason();
  const [open, setOpen] = useState(false);
  const reason = reasonOf(stage.actions.find(({ action }) => action === "pass"));
  return (
    <>
      <Button
        kind={now ? "primary" : "normal"}
        icon={<ClipboardCheck aria-hidden />}
        disabled={reason !== undefined}
        reason={reason}
        onClick={() => setOpen(true)}
      >
        {t("verdict")}
      </Button>
      <VerdictDialog release={release} stage={stage} open={open} onOpenChange={setOpen} />
    </>
  );
}
