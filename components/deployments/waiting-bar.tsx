"use client";

import { CirclePause, HeartPulse, Hourglass, Play, UserRoundCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { useBlockerText } from "#components/ui/problem.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { Countdown } from "./countdown.tsx";
import { continuedBy, nextShare, type Waiting, wavePreview } from "./flow-model.ts";
import { placeNames } from "./place-names.ts";
import type { DeploymentActions } from "./use-deployment-actions.ts";

const ICONS: Readonly<Record<Waiting["kind"], ReactNode>> = {
  paused: <CirclePause aria-hidden />,
  wave_gate: <UserRoundCheck aria-hidden />,
  wave_pause: <Hourglass aria-hidden />,
  step: <Hourglass aria-hidden />,
  health: <HeartPulse aria-hidden />,
};

/** What the deployment waits for, until when, and the one button that lets it go on. */
export function WaitingBar({
  deployment,
  actions,
}: {
  deployment: DeploymentDto;
  actions: DeploymentActions;
}) {
  const t = useTranslations("deployments.waiting");
  const { textOf } = useBlockerText();
  const { waiting } = deployment;
  if (waiting === null) return null;
  const what = continuedBy(waiting);
  const wave = waiting.wave ?? 0;
  const { clusters, succeeded, failed, skipped } = wavePreview(deployment.targets, wave);
  const names = clusters.join(t("comma"));
  const target = deployment.targets.find(({ id }) => id === waiting.target);
  const cluster = target ? placeNames(deployment.targets)(target) : "";
  const share = target && waiting.step !== undefined ? nextShare(target, waiting.step) : null;
  const off = deployment.actions.continue.blockers[0];
  const title = {
    paused: () => t("paused"),
    wave_gate: () => t("waveGate", { wave }),
    wave_pause: () => t("wavePause", { wave }),
    health: () => t("health", { cluster }),
    step: () =>
      share === null
        ? t(`step.${waiting.wait ?? "none"}`, { cluster })
        : t(`canary.${waiting.wait ?? "none"}`, { cluster, percent: share.now }),
  }[waiting.kind]();
  return (
    <Banner
      kind={what === null ? "run" : "wait"}
      icon={ICONS[waiting.kind]}
      title={title}
      className="flex-wrap items-center [&>div:last-child]:max-sm:w-full"
      actions={
        what !== null && (
          <Button
            kind="primary"
            size="large"
            className="max-sm:w-full"
            icon={<Play aria-hidden />}
            disabled={off !== undefined}
            reason={off === undefined ? undefined : textOf(off)}
            loading={actions.busy === "continue"}
            onClick={() => actions.go(what)}
          >
            {waiting.kind === "wave_gate"
              ? t("beginWave", { wave })
              : share === null
                ? t("continue")
                : t("continueTo", { percent: share.next })}
          </Button>
        )
      }
    >
      <span className="flex flex-wrap gap-x-3">
        {waiting.kind === "paused" && <span>{t("pausedText")}</span>}
        {(waiting.kind === "wave_gate" || waiting.kind === "wave_pause") && (
          <span>
            {t("before", { succeeded, failed, skipped })} {t("then", { clusters: names })}
          </span>
        )}
        {waiting.kind === "step" && <span>{t("stepText")}</span>}
        {waiting.kind === "health" && <span>{t("healthText")}</span>}
        {waiting.until !== undefined && (
          <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
            {t(waiting.kind === "wave_gate" ? "pauseLeft" : "left")} <Countdown until={waiting.until} />
            <span className="text-fg-3">
              (<ExactTime at={waiting.until} />)
            </span>
          </span>
        )}
      </span>
    </Banner>
  );
}
