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

/** Why an image is kept, in a few words: `PROD 在用`. */
export function ReasonTag({ group: { reason, environment } }: { group: Grouped }) {
  const t = useTranslations("keptImages");
  return <Tag kind={KIND[reason]}>{t(`reason.${reason}`, { environment: environment ?? "" })}</Tag>;
}
