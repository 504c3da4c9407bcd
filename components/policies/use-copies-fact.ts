"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { imageCopiesQuery } from "#lib/image-copies/client.ts";

/** In a few words: images that are on their way to an environment's registry, or did not get there; null: all there. */
export function useCopiesFact(release: string, environment: string, entered: boolean): string | null {
  const t = useTranslations("policies.copies");
  const { data } = useQuery({ ...imageCopiesQuery(release, environment), enabled: entered });
  const count = (...states: string[]) =>
    data?.items.filter(({ state }) => states.includes(state)).length ?? 0;
  const failed = count("failed");
  if (failed > 0) return t("stageFailed", { count: failed });
  const toGo = count("queued", "copying");
  return toGo > 0 ? t("stageToGo", { count: toGo }) : null;
}
