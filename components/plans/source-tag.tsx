"use client";

import { FileCode2, GitPullRequestArrow, Package, Server, SlidersHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ChangeSource } from "./review-model.ts";

export const SOURCE_ICONS = {
  artifact: Package,
  config: SlidersHorizontal,
  template: FileCode2,
  release: GitPullRequestArrow,
  cluster: Server,
} as const;

/** Where a changed line comes from: icon and word. */
export function SourceTag({ source }: { source: ChangeSource }) {
  const t = useTranslations("plans.source");
  const Icon = SOURCE_ICONS[source];
  return (
    <>
      <Icon aria-hidden />
      {t(source)}
    </>
  );
}
