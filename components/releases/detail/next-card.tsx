"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { LiveDuration } from "#components/ui/duration.tsx";
import { Steps } from "#components/ui/steps.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { NextStep, ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { useServerNow } from "../server-now.tsx";
import { type Freeze, freezeOf } from "./freeze.ts";
import { useWho } from "./use-who.ts";

/** What lies further ahead is shown on request. */
const FIRST = 5;

/** Who must do what from here to the end; the first step is the one that everything waits for. */
export function NextCard({ release, freezes }: { release: ReleaseDto; freezes: readonly Freeze[] }) {
  const t = useTranslations("releases.next");
  const who = useWho();
  const [whole, setWhole] = useState(false);
  const steps = whole ? release.next : release.next.slice(0, FIRST);
  const rest = release.next.length - steps.length;
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody>
        {release.next.length === 0 ? (
          <p className="text-fg-2">{t(release.state === "abandoned" ? "abandoned" : "done")}</p>
        ) : (
          <Steps
            items={steps.map((step) => {
              const stage = release.stages.find(({ environment }) => environment === step.facts.environment);
              return {
                key: `${step.code} ${step.facts.environment ?? ""}`,
                now: step.now,
                title: t.has(step.code)
                  ? t(step.code, {
                      environment: "",
                      missing: 1,
                      holder: "",
                      release: "",
                      ...step.facts,
                      who: who(step.who),
                    })
                  : step.code,
                sub: <Sub step={step} stage={stage} freezes={freezes} />,
              };
            })}
          />
        )}
        {rest > 0 && (
          <button
            type="button"
            className="ml-[29px] text-fg-3 hover:text-fg hover:underline"
            onClick={() => setWhole(true)}
          >
            {t("rest", { count: rest })}
          </button>
        )}
      </CardBody>
    </Card>
  );
}

/** The fainter line of a step: since when it waits, what it needs, what stands in its way. */
function Sub({
  step,
  stage,
  freezes,
}: {
  step: NextStep;
  stage: StageDto | undefined;
  freezes: readonly Freeze[];
}): ReactNode {
  const t = useTranslations("releases.next");
  const now = useServerNow();
  if (stage === undefined) return t.has(`${step.code}_sub`) ? t(`${step.code}_sub`) : null;
  if (step.code === "GIVE_VERDICT" && step.now && stage.testingAt !== null) {
    return (
      <>
        {t("waited")} <LiveDuration since={stage.testingAt} now={now} />
      </>
    );
  }
  if (step.code === "ENTER") {
    return stage.reservation === null || stage.queuePosition !== null
      ? t("free", { environment: stage.environment })
      : t("held", { release: stage.reservation.release, waiting: stage.queueLength });
  }
  if (step.code === "WAIT_TURN") {
    return stage.queuePosition === null
      ? t("notQueued")
      : t("position", { position: stage.queuePosition, length: stage.queueLength });
  }
  if (step.code === "APPROVE") return t("fourEyes");
  if (step.code === "DEPLOY") {
    const freeze = freezeOf(freezes, stage.environment);
    if (freeze === undefined) return null;
    return (
      <>
        {t("afterFreeze")} <ExactTime at={freeze.until} style="minutes" />
      </>
    );
  }
  return null;
}
