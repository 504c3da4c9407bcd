"use client";

import { useTranslations } from "next-intl";
import { progress, usualMark } from "#components/releases/detail/build-times.ts";
import { useServerNow } from "#components/releases/server-now.tsx";
import { useServerClock } from "#components/ui/clock.ts";
import { Duration } from "#components/ui/duration.tsx";
import { Meter } from "#components/ui/meter.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState, lookOf } from "#components/ui/states.ts";
import { etaOf } from "#lib/builds/eta.ts";
import type { ItemBuildDto } from "#lib/releases/schema.ts";
import { EtaText } from "./eta-text.tsx";
import { useWaitText } from "./wait-text.ts";

const ms = (time: string) => new Date(time).getTime();

/**
 * How far a build is, in two short lines: while it runs how long it has, the bar against the usual and what is left;
 * while it waits its place and why; afterwards how long it took.
 */
export function BuildProgress({ build, component }: { build: ItemBuildDto; component: string }) {
  if (build.state === "running" && build.startedAt !== null)
    return <Running build={build} startedAt={build.startedAt} component={component} />;
  return build.state === "queued" ? <Waiting build={build} /> : <Ended build={build} component={component} />;
}

function Running({
  build,
  startedAt,
  component,
}: {
  build: ItemBuildDto;
  startedAt: string;
  component: string;
}) {
  const t = useTranslations("releases.items");
  const opened = useServerNow();
  const now = useServerClock(opened ?? startedAt, 1000);
  const elapsed = Math.max(0, now.getTime() - ms(startedAt));
  const waits = useWaitText()(build);
  return (
    <span className="grid min-w-0 gap-y-0.5">
      <span className="flex items-center gap-2">
        <StateBadge
          state="running"
          className="group-hover:underline"
          text={<Duration seconds={Math.round(elapsed / 1000)} />}
        />
        <Meter
          label={t("progress", { component })}
          kind="run"
          className="w-21"
          value={progress(elapsed, build.usualMs)}
          usual={usualMark(elapsed, build.usualMs)}
        />
      </span>
      {waits === null ? (
        <EtaText eta={etaOf(build, now)} className="pl-5 text-sm" />
      ) : (
        <span className="max-w-56 truncate pl-5 text-held text-sm" title={waits}>
          {waits}
        </span>
      )}
    </span>
  );
}

function Waiting({ build }: { build: ItemBuildDto }) {
  const t = useTranslations("builds");
  const opened = useServerNow();
  const now = useServerClock(opened ?? build.createdAt, 1000);
  const waits = useWaitText()(build);
  const seconds = Math.round(Math.max(0, now.getTime() - ms(build.createdAt)) / 1000);
  return (
    <span className="grid min-w-0 gap-y-0.5">
      <span className="flex items-center gap-2">
        <StateBadge state="queued" className="group-hover:underline" />
        <span className="whitespace-nowrap text-fg-3 text-sm">
          <Duration seconds={seconds} />
        </span>
      </span>
      <span className="max-w-56 truncate pl-5 text-fg-3 text-sm" title={waits ?? undefined}>
        {waits ?? t("onItsWay")}
      </span>
    </span>
  );
}

function Ended({ build, component }: { build: ItemBuildDto; component: string }) {
  const t = useTranslations("releases.items");
  const { startedAt, endedAt, usualMs } = build;
  const state = asState(build.state);
  const took = startedAt !== null && endedAt !== null ? ms(endedAt) - ms(startedAt) : null;
  const good = build.state === "succeeded" && took !== null;
  const scale = Math.max(took ?? 0, usualMs ?? 0) || 1;
  return (
    <>
      <StateBadge
        state={state}
        className="group-hover:underline"
        text={good ? <Duration seconds={took / 1000} /> : undefined}
      />
      {good && (
        <Meter
          label={t("took", { component })}
          kind={lookOf(state).kind}
          className="w-21"
          value={took / scale}
          usual={usualMs === null ? undefined : usualMs / scale}
        />
      )}
    </>
  );
}
