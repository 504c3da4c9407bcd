"use client";

import { useTranslations } from "next-intl";
import type { Kind } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import type { KeepReason } from "#lib/kept-images/reason-schema.ts";
import type { Grouped } from "./grouped.ts";

const KIND: Record<KeepReason, Kind> = {
  runs: "good",
  deploys: "run",
  plan: "run",
  rollback: "held",
  flow: "idle",
};

/** Why an image is kept, in a few words: `STAGING · PROD 在用`. */
export function useReasonText(): (group: Grouped) => string {
  const t = useTranslations("keptImages");
  return ({ reason, environments }) => t(`reason.${reason}`, { environment: environments.join(" · ") });
}

export function ReasonTag({ group }: { group: Grouped }) {
  const textOf = useReasonText();
  return <Tag kind={KIND[group.reason]}>{textOf(group)}</Tag>;
}
