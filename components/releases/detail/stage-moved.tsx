"use client";

import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { StageDto } from "#lib/releases/schema.ts";
import { type Ask, movedSince } from "./stage-ask.ts";

/** In an open dialog: the stage moved under it, to what, by whom and when. Nothing while it did not. */
export function StageMoved({ ask, stage }: { ask: Ask; stage: StageDto }) {
  const t = useTranslations("releases.flow");
  const states = useTranslations("states");
  const moved = movedSince(ask, stage);
  if (moved === null) return null;
  const { by, at } = moved;
  const state = states.has(moved.state) ? states(moved.state) : moved.state;
  return (
    <Banner kind="wait" title={t("moved", { environment: stage.environment, state })}>
      {(by !== null || at !== null) && (
        <p>
          {by} {at !== null && <TimeAgo at={at} />}
        </p>
      )}
      <p>{t("movedText")}</p>
    </Banner>
  );
}
