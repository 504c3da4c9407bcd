"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useWaitText } from "#components/builds/wait-text.ts";
import { useServerClock } from "#components/ui/clock.ts";
import { Duration } from "#components/ui/duration.tsx";
import { Meter } from "#components/ui/meter.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState, lookOf } from "#components/ui/states.ts";
import type { ReleaseItemDto } from "#lib/releases/schema.ts";
import { useServerNow } from "../server-now.tsx";
import { progress, usualMark } from "./build-times.ts";

type Build = NonNullable<ReleaseItemDto["build"]>;

/** The newest attempt at an item: state, time taken, bar against the usual. The whole of it leads to the build. */
export function BuildCell({ build, component }: { build: Build; component: string }) {
  const t = useTranslations("releases.items");
  return (
    <Link
      href={`/builds/${build.id}`}
      aria-label={t("openBuild", { component })}
      className="group flex min-w-48 items-center gap-2"
    >
      {build.state === "running" && build.startedAt !== null ? (
        <Running build={build} startedAt={build.startedAt} component={component} />
      ) : (
        <Still build={build} component={component} />
      )}
      {build.attempt > 1 && (
        <span className="whitespace-nowrap text-sm text-fg-3">
          {t("attempt", { attempt: build.attempt })}
        </span>
      )}
    </Link>
  );
}

function Running({ build, startedAt, component }: { build: Build; startedAt: string; component: string }) {
  const t = useTranslations("releases.items");
  const opened = useServerNow();
  const now = useServerClock(opened ?? startedAt, 1000);
  const elapsed = Math.max(0, now.getTime() - new Date(startedAt).getTime());
  return (
    <>
      <StateBadge
        state="running"
        className="group-hover:underline"
        text={<Duration seconds={elapsed / 1000} />}
      />
      <Meter
        label={t("progress", { component })}
        kind="run"
        className="w-21"
        value={progress(elapsed, build.usualMs)}
        usual={usualMark(elapsed, build.usualMs)}
      />
    </>
  );
}

function Still({ build, component }: { build: Build; component: string }) {
  const t = useTranslations("releases.items");
  const { startedAt, endedAt, usualMs } = build;
  const state = asState(build.state);
  const took =
    startedAt !== null && endedAt !== null
      ? new Date(endedAt).getTime() - new Date(startedAt).getTime()
      : null;
  const good = build.state === "succeeded" && took !== null;
  const waits = useWaitText()(build);
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
      {build.state === "queued" && waits !== null && (
        <span className="truncate text-sm text-fg-3" title={waits}>
          {waits}
        </span>
      )}
    </>
  );
}
