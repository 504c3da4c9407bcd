"use client";

import { ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Tag } from "#components/ui/tag.tsx";
import type { Reason } from "#lib/kept-images/reason-schema.ts";
import { groupReasons } from "./grouped.ts";
import { useReasonText } from "./reason-tag.tsx";

/** That an image is kept, and the strongest reason; the list of kept images has them all. */
export function KeptBadge({ digest, reasons }: { digest: string; reasons: readonly Reason[] }) {
  const t = useTranslations("keptImages");
  const textOf = useReasonText();
  const [first, ...more] = groupReasons(reasons);
  if (!first) return null;
  const reason = textOf(first);
  return (
    <Link href={`/kept-images?search=${encodeURIComponent(digest)}`} className="hover:text-accent">
      <Tag kind="good" icon={<ShieldCheck aria-hidden />}>
        {more.length === 0 ? t("kept", { reason }) : t("keptMore", { reason, count: more.length })}
      </Tag>
    </Link>
  );
}
