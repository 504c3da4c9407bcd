"use client";

import { useTranslations } from "next-intl";
import type { ImageFinding } from "#lib/image-policies/schema.ts";

/** What a finding of the image policy says, in the reader's language. */
export function useFindingText(): (finding: Pick<ImageFinding, "reason" | "facts">) => string {
  const t = useTranslations("policies.finding");
  return ({ reason, facts }) => (t.has(reason) ? t(reason, facts) : reason);
}
