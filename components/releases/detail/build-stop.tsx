"use client";

import { CirclePlay, Clock3, Hammer, Package, Timer } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useWaitText } from "#components/builds/wait-text.ts";
import { Duration, LiveDuration } from "#components/ui/duration.tsx";
import { asState, type StateName } from "#components/ui/states.ts";
import { ExactTime } from "#components/ui/time.tsx";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import { useServerNow } from "../server-now.tsx";
import { BuildButton } from "./build-button.tsx";
import { buildTimes, isOpen } from "./build-times.ts";
import { Stop, type StopFact } from "./stop.tsx";

/** What the builds came to: a release order that went on, or was given up after its builds, was built all the same. */
function stateOf(release: ReleaseDto): StateName {
  const all = release.items.every((item) => item.artifact !== null);
  if (release.state === "released" || release.state === "abandoned")
    return all ? "built" : asState(release.state);
  return asState(release.shown);
}

/** The first stop of the line. */
export function BuildStop({ release, now }: { release: ReleaseDto; now: boolean }) {
  const t = useTranslations("releases.line");
  const clock = useServerNow();
  const pushed = release.items.filter((item) => item.artifact !== null).length;
  const times = buildTimes(release.items);
  const builds = release.items.flatMap(({ build }) => build ?? []);
  const waitText = useWaitText();
  const queued = builds.find((build) => build.state === "queued" && waitText(build) !== null);
  const waits = queued === undefined ? null : waitText(queued);
  const shown = builds.find(isOpen) ?? builds.find(({ state }) => state !== "succeeded") ?? builds[0];
  const facts: StopFact[] = [
    {
      key: "images",
      icon: <Package aria-hidden />,
      text:
        pushed === 0 && builds.length === 0
          ? t("toBuild", { count: release.items.length })
          : t("images", { pushed, count: release.items.length }),
    },
  ];
  if (times !== undefined) {
    facts.push({
      key: "time",
      icon: <Timer aria-hidden />,
      text:
        times.seconds === null ? (
          <LiveDuration since={times.since} now={clock} usual={times.usual} className="" />
        ) : (
          <Duration seconds={times.seconds} usual={times.usual} className="" />
        ),
    });
  }
  if (waits !== null) {
    facts.push({ key: "queue", icon: <Clock3 aria-hidden />, text: waits });
  } else if (times !== undefined) {
    facts.push({
      key: "start",
      icon: <CirclePlay aria-hidden />,
      text: (
        <>
          {t("startedAt")} <ExactTime at={times.since} style="minutes" />
        </>
      ),
    });
  }
  const mayStart = release.actions.some(({ action }) => action === "build");
  return (
    <Stop
      name={t("build")}
      state={stateOf(release)}
      now={now}
      facts={facts}
      action={
        mayStart ? (
          <BuildButton release={release} kind="primary" icon={<Hammer aria-hidden />} />
        ) : shown === undefined ? undefined : (
          <Link href={`/builds/${shown.id}`} className="text-fg-2 hover:text-fg hover:underline">
            {isOpen(shown) ? t("watchBuild") : t("buildLog")}
          </Link>
        )
      }
    />
  );
}
