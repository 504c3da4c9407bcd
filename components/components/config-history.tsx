"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Dialog } from "#components/ui/dialog.tsx";
import { lineDiff } from "#components/ui/diff-lines.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Person } from "#components/ui/person.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { type ConfigPlace, configVersionsQuery } from "#lib/components/client.ts";
import type { ConfigSnapshot } from "#lib/components/running-schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";

/** Fields of a setting, one a line and further in, level by level. */
function settingLines(name: string, value: unknown, indent = ""): string[] {
  if (typeof value !== "object" || value === null) return [`${indent}${name}: ${String(value)}`];
  const entries = Object.entries(value);
  return [`${indent}${name}:`, ...entries.flatMap(([key, inner]) => settingLines(key, inner, `${indent}  `))];
}

/** A snapshot as lines that compare well; secrets by name and version. */
function linesOf(snapshot: ConfigSnapshot): string {
  const { variables, secrets, templateId, strategy, smokeChecks, ...sizes } = snapshot;
  const sorted = (record: Record<string, string | number>) =>
    Object.entries(record).sort(([a], [b]) => a.localeCompare(b));
  return [
    ...Object.entries(sizes).map(([name, value]) => `${name}: ${value}`),
    `template: ${templateId ?? "-"}`,
    ...settingLines("strategy", strategy),
    ...settingLines(
      "smokeChecks",
      Object.fromEntries(smokeChecks.map(({ name, ...check }) => [name, check])),
    ),
    "variables:",
    ...sorted(variables).map(([name, value]) => `  ${name}: ${value}`),
    "secrets:",
    ...sorted(secrets).map(([name, version]) => `  ${name}: v${version}`),
  ].join("\n");
}

/** Every saved version of an environment's config with what it changed. */
export function ConfigHistory({
  place,
  open,
  onOpenChange,
}: {
  place: ConfigPlace;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("components");
  const { data, error, refetch, isPending } = useQuery({ ...configVersionsQuery(place), enabled: open });
  const [shown, setShown] = useState<number | null>(null);
  const items = data?.items ?? [];
  return (
    <Dialog
      size="wide"
      open={open}
      onOpenChange={onOpenChange}
      title={t("historyOf", { environment: place.environment })}
      description={place.component}
    >
      {isPending && <SkeletonRows rows={4} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && items.length === 0 && (
        <EmptyState title={t("noHistory")}>{t("noHistoryText")}</EmptyState>
      )}
      <ul>
        {items.map((item, index) => {
          const before = items[index + 1];
          const visible = shown === item.version;
          return (
            <li key={item.version} className="border-b border-line last:border-0">
              <button
                type="button"
                aria-expanded={visible}
                className="flex w-full items-center gap-3 rounded-sm px-1 py-2 text-left hover:bg-hover"
                onClick={() => setShown(visible ? null : item.version)}
              >
                <span className="w-10 font-mono text-sm">v{item.version}</span>
                <Person {...item.createdBy} />
                <TimeAgo at={item.createdAt} className="ml-auto whitespace-nowrap text-fg-3" />
              </button>
              {visible && (
                <div className="mb-2 overflow-hidden rounded-md border border-line">
                  <DiffView
                    mode="unified"
                    context={2}
                    lines={lineDiff(before ? linesOf(before.snapshot) : "", linesOf(item.snapshot))}
                  />
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
