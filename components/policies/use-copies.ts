"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { imageCopiesQuery } from "#lib/image-copies/client.ts";

/** Whether a release order is let into an environment and not deployed there: only then images are on their way. */
export const isEntered = (state: string | undefined): boolean => state === "entered" || state === "failed";

/** How many images are on their way to an environment's registry, and how many did not get there. */
export function useCopies(release: string, environment: string, entered: boolean) {
  const { data } = useQuery({ ...imageCopiesQuery(release, environment), enabled: entered });
  const count = (...states: string[]) =>
    entered ? (data?.items.filter(({ state }) => states.includes(state)).length ?? 0) : 0;
  return { toGo: count("queued", "copying"), failed: count("failed") };
}

/** The same in a few words; null where all are there. */
export function useCopiesFact(release: string, environment: string, entered: boolean): string | null {
  const t = useTranslations("policies.copies");
  const { toGo, failed } = useCopies(release, environment, entered);
  if (failed > 0) return t("stageFailed", { count: failed });
  return toGo > 0 ? t("stageToGo", { count: toGo }) : null;
}
