"use client";

import { FileCode2, GitPullRequestArrow, Package, Server, SlidersHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PlanDto } from "#lib/plans/schema.ts";
import { useOriginText } from "./origin-text.ts";

type Origin = PlanDto["origins"][number];
export const SOURCE_ICONS = {
  artifact: Package,
  config: SlidersHorizontal,
  template: FileCode2,
  release: GitPullRequestArrow,
  cluster: Server,
} as const;

/** Where a changed line comes from: icon and word, the facts on hover. */
export function SourceTag({ origin }: { origin: Origin }) {
  const t = useTranslations("plans.source");
  const textOf = useOriginText();
  const Icon = SOURCE_ICONS[origin.source];
  const { word, details } = textOf(origin);
  return (
    <span className="flex min-w-0 items-center gap-[5px]" title={[t(origin.source), ...details].join("\n")}>
      <Icon aria-label={t(origin.source)} role="img" />
      <span className="truncate">
        {origin.source === "config" || origin.source === "cluster" ? word : t(origin.source)}
      </span>
    </span>
  );
}

/** All config values of a component as one origin, each value once. */
function joined(origins: Origin[]): Origin[] {
  const rest = origins.filter(({ source }) => source !== "config");
  const configs = origins.flatMap((origin) => (origin.source === "config" ? [origin] : []));
  const [first] = configs;
  if (!first) return rest;
  const values = new Map(configs.flatMap((config) => config.values.map((value) => [value.name, value])));
  return [...rest, { ...first, values: [...values.values()] }];
}

/** What an object's changes come from, each once with who did it and when. */
export function OriginList({ origins }: { origins: Origin[] }) {
  const t = useTranslations("plans");
  const textOf = useOriginText();
  if (origins.length === 0) return null;
  return (
    <dl
      aria-label={t("origin.title")}
      className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 border-b border-line px-3.5 py-2 text-sm"
    >
      {joined(origins).map((origin) => {
        const Icon = SOURCE_ICONS[origin.source];
        const { details } = textOf(origin);
        return (
          <div key={JSON.stringify(origin)} className="contents">
            <dt className="inline-flex items-center gap-1.5 self-start text-fg-3">
              <Icon aria-hidden className="size-3" />
              {t(`source.${origin.source}`)}
            </dt>
            <dd className="min-w-0 text-fg-2">
              {details.map((detail) => (
                <div key={detail} className="break-words">
                  {detail}
                </div>
              ))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
