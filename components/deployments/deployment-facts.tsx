"use client";

import { ShieldCheck } from "lucide-react";
import { useNow, useTranslations } from "next-intl";
import { useServerClock } from "#components/ui/clock.ts";
import { Digest } from "#components/ui/copyable.tsx";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { Fact, FactStrip } from "#components/ui/facts.tsx";
import { Meter } from "#components/ui/meter.tsx";
import { Person } from "#components/ui/person.tsx";
import type { Kind } from "#components/ui/states.ts";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { seconds } from "./progress-model.ts";

/** How the bar of a deployment looks that ended otherwise than well. */
const ENDS: Readonly<Record<string, Kind>> = { failed: "bad", cancelled: "idle", rolled_back: "idle" };

function Elapsed({ deployment }: { deployment: DeploymentDto }) {
  const t = useTranslations("deployments.facts");
  const now = useServerClock(useNow(), 1000);
  const { startedAt, endedAt, scheduledAt, usualMs } = deployment;
  const usual = usualMs === null ? undefined : usualMs / 1000;
  if (startedAt === null) {
    return (
      <Fact
        label={t("elapsed")}
        value={t("notStarted")}
        sub={
          scheduledAt !== null && (
            <>
              {t("startsAt")} <ExactTime at={scheduledAt} style="full" /> <TimeAgo at={scheduledAt} />
            </>
          )
        }
      />
    );
  }
  const taken =
    endedAt === null ? (now.getTime() - Date.parse(startedAt)) / 1000 : seconds(startedAt, endedAt);
  const whole = Math.max(taken, usual ?? taken, 1) * (endedAt === null ? 1.15 : 1);
  const kind = endedAt === null ? "run" : (ENDS[deployment.state] ?? "good");
  return (
    <Fact
      label={t("elapsed")}
      value={
        <span className="text-lg">
          {endedAt === null ? (
            <LiveDuration since={startedAt} usual={usual} className="whitespace-normal" />
          ) : (
            <Duration seconds={taken} usual={usual} className="whitespace-normal" />
          )}
        </span>
      }
      sub={
        <Meter
          className="my-1.5"
          label={t("elapsed")}
          value={taken / whole}
          usual={usual === undefined ? undefined : usual / whole}
          kind={kind}
        />
      }
    />
  );
}

/** Strip of facts: how long, how far, who started and who approved it, which plan. */
export function DeploymentFacts({ deployment }: { deployment: DeploymentDto }) {
  const t = useTranslations("deployments.facts");
  const { targets, approvals } = deployment;
  const done = targets.filter(({ state }) => state === "succeeded").length;
  const active = targets.find(
    ({ state }) => !["queued", "succeeded", "failed", "cancelled", "skipped"].includes(state),
  );
  const agreed = approvals.filter(({ valid, decision }) => valid && decision === "approve");
  const [first] = agreed;
  return (
    <FactStrip columns="2fr 0.8fr 0.9fr 1.1fr 1.2fr" className="max-lg:[--columns:repeat(2,minmax(0,1fr))]">
      <Elapsed deployment={deployment} />
      <Fact
        label={t("targets")}
        value={t("done", { done, count: targets.length })}
        sub={active !== undefined && t("wave", { wave: active.wave })}
      />
      <Fact
        label={t("startedBy")}
        value={<Person {...deployment.createdBy} />}
        sub={
          <>
            {deployment.automaticFor !== null && <>{t("automatically")} · </>}
            <ExactTime at={deployment.createdAt} />
          </>
        }
      />
      <Fact
        label={t("approvedBy")}
        value={
          first === undefined ? (
            <span className="font-normal text-fg-2">
              {t(deployment.kind === "rollback" ? "rollbackNone" : "noApproval")}
            </span>
          ) : (
            agreed.map(({ person }) => <Person key={person.username} {...person} />)
          )
        }
        sub={
          first !== undefined && (
            <span className="block truncate" title={first.comment}>
              <ExactTime at={first.createdAt} style="minutes" />
              {first.comment !== "" && <> · {t("quote", { comment: first.comment })}</>}
            </span>
          )
        }
      />
      <Fact
        label={t("plan")}
        value={<Digest value={deployment.planDigest} />}
        sub={
          <span className="inline-flex items-center gap-1.5 text-good">
            <ShieldCheck aria-hidden className="size-[13px]" />
            {t(agreed.length === 0 ? "exactlyPlan" : "exactly")}
          </span>
        }
      />
    </FactStrip>
  );
}
