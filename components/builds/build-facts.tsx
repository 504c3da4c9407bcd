"use client";

import { ArrowUpRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { progress, usualMark } from "#components/releases/detail/build-times.ts";
import { useServerNow } from "#components/releases/server-now.tsx";
import { useServerClock } from "#components/ui/clock.ts";
import { Duration } from "#components/ui/duration.tsx";
import { Fact, FactStrip } from "#components/ui/facts.tsx";
import { Meter } from "#components/ui/meter.tsx";
import { Person } from "#components/ui/person.tsx";
import { asState, lookOf } from "#components/ui/states.ts";
import { ExactTime } from "#components/ui/time.tsx";
import { etaOf } from "#lib/builds/eta.ts";
import type { BuildDto } from "#lib/builds/schema.ts";
import { EtaText } from "./eta-text.tsx";
import { useWaitText } from "./wait-text.ts";

const ms = (time: string) => new Date(time).getTime();

/** How long it takes against the usual, why it waits or waited, where it runs, who started it. */
export function BuildFacts({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  return (
    <FactStrip className="md:[--columns:1.9fr_1.15fr_0.85fr_0.85fr]">
      <Elapsed build={build} />
      <Queue build={build} />
      <Fact
        label="Jenkins"
        value={
          build.number === null ? (
            <span className="font-normal text-fg-3">{t("notTakenYet")}</span>
          ) : build.url === null ? (
            `#${build.number}`
          ) : (
            <a
              href={build.url}
              target="_blank"
              rel="noreferrer"
              className="inline-flex items-center gap-1 hover:underline"
            >
              #{build.number}
              <ArrowUpRight aria-hidden />
            </a>
          )
        }
        sub={
          build.startedAt === null ? undefined : (
            <>
              {build.node === null || build.node === "" ? t("node") : t("nodeNamed", { node: build.node })}{" "}
              <ExactTime at={build.startedAt} />
            </>
          )
        }
      />
      <Fact
        label={t("triggeredBy")}
        value={<Person {...build.triggeredBy} />}
        sub={<ExactTime at={build.createdAt} />}
      />
    </FactStrip>
  );
}

function Elapsed({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  const opened = useServerNow();
  const clock = useServerClock(opened ?? build.createdAt, 1000);
  const { startedAt, endedAt, usualMs } = build;
  if (startedAt === null) {
    return (
      <Fact
        label={t("elapsed")}
        value={
          <span className="font-normal text-fg-3">{t(endedAt === null ? "notStarted" : "neverStarted")}</span>
        }
      />
    );
  }
  const running = endedAt === null;
  const elapsed = Math.max(0, (running ? clock.getTime() : ms(endedAt)) - ms(startedAt));
  const scale = Math.max(elapsed, usualMs ?? 0) || 1;
  const eta = etaOf(build, clock);
  return (
    <Fact
      label={t("elapsed")}
      value={
        <>
          <Duration
            seconds={running ? Math.round(elapsed / 1000) : elapsed / 1000}
            usual={usualMs === null ? undefined : usualMs / 1000}
            className="text-lg whitespace-nowrap [&>span]:text-base"
          />
          {running && <EtaText eta={eta} className="ml-auto font-normal text-base" />}
        </>
      }
      sub={
        <Meter
          label={t("elapsed")}
          kind={lookOf(asState(build.state)).kind}
          className="my-1.5"
          value={running ? progress(elapsed, usualMs) : elapsed / scale}
          usual={running ? usualMark(elapsed, usualMs) : usualMs === null ? undefined : usualMs / scale}
        />
      }
    />
  );
}

function Queue({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  const opened = useServerNow();
  const clock = useServerClock(opened ?? build.createdAt, 1000);
  const until = build.startedAt ?? build.endedAt;
  const waited = Math.max(0, (until === null ? clock.getTime() : ms(until)) - ms(build.createdAt));
  const reason = useWaitText()(build);
  return (
    <Fact
      label={t("queue")}
      value={
        <span>
          {t(until === null ? "waiting" : "waited")}{" "}
          <Duration seconds={until === null ? Math.round(waited / 1000) : waited / 1000} />
        </span>
      }
      sub={
        reason === null ? (
          <>
            {t("queuedAt")} <ExactTime at={build.createdAt} />
          </>
        ) : (
          <span className="break-words">{reason}</span>
        )
      }
    />
  );
}
