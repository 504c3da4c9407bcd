"use client";

import {
  CircleArrowRight,
  ClipboardCheck,
  GitCommitHorizontal,
  Hourglass,
  LockKeyhole,
  PackageOpen,
  Rocket,
  ShieldAlert,
  Snowflake,
  Timer,
  UsersRound,
} from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { StageVerdict, useRefusals } from "#components/policies/stage-verdict.tsx";
import { isEntered, useCopiesFact } from "#components/policies/use-copies.ts";
import { MiddleText } from "#components/ui/copyable.tsx";
import { LiveDuration } from "#components/ui/duration.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { useServerNow } from "../server-now.tsx";
import { type Freeze, freezeOf } from "./freeze.ts";
import type { StopFact } from "./stop.tsx";

const minutes = (at: string) => <ExactTime at={at} style="minutes" />;

/** Who deployed and who approved it, as a link to the deployment. */
function Deployed({ deployment }: { deployment: NonNullable<StageDto["deployment"]> }) {
  const t = useTranslations("releases.line");
  const approvers = deployment.approvedBy.map(({ displayName }) => displayName).join(t("comma"));
  const by = deployment.createdBy.displayName;
  return (
    <Link href={`/deployments/${deployment.id}`} className="hover:text-fg hover:underline">
      {approvers === "" ? t("deployed", { by }) : t("deployedApproved", { by, approvers })}
      {" · "}
      {minutes(deployment.startedAt ?? deployment.createdAt)}
    </Link>
  );
}

/** What is known of a release order in one environment; the order is always the same. */
export function useStageFacts(release: ReleaseDto, stage: StageDto, freezes: readonly Freeze[]): StopFact[] {
  const t = useTranslations("releases.line");
  const now = useServerNow();
  const refusals = useRefusals(release.number, release.state === "built" || release.state === "released");
  const { reservation, deployment, state } = stage;
  const copies = useCopiesFact(release.number, stage.environment, isEntered(state));
  const facts: StopFact[] = [];
  const add = (key: string, icon: ReactNode, text: ReactNode) => facts.push({ key, icon, text });
  const ours = reservation?.release === release.number;

  if (deployment !== null && state !== "waiting") {
    add("deployment", <Rocket aria-hidden />, <Deployed deployment={deployment} />);
  }
  if (stage.verdictBy !== null && stage.verdictAt !== null) {
    add(
      "verdict",
      <ClipboardCheck aria-hidden />,
      <>
        {t(state === "rejected" ? "rejectedBy" : "passedBy", { by: stage.verdictBy.displayName })}
        {" · "}
        {minutes(stage.verdictAt)}
        {stage.verdictComment !== null && stage.verdictComment !== "" && (
          <span className="block text-fg-3">{t("quoted", { text: stage.verdictComment })}</span>
        )}
      </>,
    );
  }
  if (state === "entered" && stage.enteredBy !== null && stage.enteredAt !== null) {
    add(
      "entered",
      <CircleArrowRight aria-hidden />,
      <>
        {t("enteredBy", { by: stage.enteredBy.displayName })}
        {" · "}
        {minutes(stage.enteredAt)}
      </>,
    );
  }
  if (["waiting", "entered", "failed"].includes(state) && !release.endedAt) {
    add(
      "running",
      <GitCommitHorizontal aria-hidden />,
      stage.runningRelease === null ? t("nothingRuns") : <Running number={stage.runningRelease} />,
    );
  }
  if (stage.queuePosition !== null) {
    add(
      "queue",
      <Hourglass aria-hidden />,
      t("inQueue", { position: stage.queuePosition, length: stage.queueLength }),
    );
  }
  if (ours) {
    add("held", <LockKeyhole aria-hidden />, t("heldForUs", { waiting: stage.queueLength }));
  } else if (reservation !== null && state !== "passed") {
    add(
      "held",
      <LockKeyhole aria-hidden />,
      <Link
        href={`/releases/${encodeURIComponent(reservation.release)}`}
        className="hover:text-fg hover:underline"
      >
        {t("heldBy", { release: reservation.release, by: reservation.heldBy.displayName })}
      </Link>,
    );
  }
  if (["waiting", "entered", "failed"].includes(state)) {
    add("approvals", <UsersRound aria-hidden />, t("approvals", { count: stage.approvalsRequired }));
    const refused = refusals.get(stage.environment);
    if (refused !== undefined) {
      add(
        "images",
        <ShieldAlert aria-hidden />,
        <StageVerdict release={release.number} environment={stage.environment} count={refused} />,
      );
    }
    if (copies !== null) add("copies", <PackageOpen aria-hidden />, copies);
    const freeze = freezeOf(freezes, stage.environment);
    if (freeze !== undefined) {
      add(
        "freeze",
        <Snowflake aria-hidden />,
        <>
          {t("frozenUntil")} <ExactTime at={freeze.until} style="minutes" />
        </>,
      );
    }
  }
  if (state === "testing" && stage.testingAt !== null) {
    add(
      "testing",
      <Timer aria-hidden />,
      <>
        {t("testedFor")} <LiveDuration since={stage.testingAt} now={now} className="" />
      </>,
    );
  }
  return facts;
}

function Running({ number }: { number: string }) {
  const t = useTranslations("releases.line");
  return (
    <>
      {t("runs")}{" "}
      <Link
        href={`/releases/${encodeURIComponent(number)}`}
        className="font-mono text-[0.93em] hover:text-fg hover:underline"
      >
        <MiddleText text={number} max={24} />
      </Link>
    </>
  );
}
