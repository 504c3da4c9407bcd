"use client";

import { useQuery } from "@tanstack/react-query";
import { FileClock } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cx } from "#components/ui/cx.ts";
import { lineDiff } from "#components/ui/diff-lines.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Person } from "#components/ui/person.tsx";
import { ScrollBox } from "#components/ui/scroll-box.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { templateVersionsQuery } from "#lib/templates/client.ts";

/** Every version with what it changed; the text of an earlier one can be taken back into the editor. */
export function TemplateVersions({
  id,
  mayEdit,
  onTake,
}: {
  id: string;
  mayEdit: boolean;
  onTake: (body: string) => void;
}) {
  const t = useTranslations("templates.versions");
  const { data, error, isPending, refetch } = useQuery(templateVersionsQuery(id));
  const [picked, setPicked] = useState<number | null>(null);
  const versions = data?.items ?? [];
  const at = Math.max(
    0,
    versions.findIndex(({ version }) => version === picked),
  );
  const shown = versions[at];
  const before = versions[at + 1];
  return (
    <Card className="overflow-hidden">
      <CardHeader title={t("title")} hint={versions.length > 0 ? versions.length : undefined} />
      {isPending && <SkeletonRows rows={4} />}
      {error !== null && data === undefined && (
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      )}
      {shown !== undefined && (
        <div className="lg:grid lg:grid-cols-[260px_minmax(0,1fr)]">
          <ol className="max-h-[480px] overflow-y-auto border-line max-lg:border-b lg:border-r">
            {versions.map((version) => (
              <li key={version.version}>
                <button
                  type="button"
                  aria-current={version.version === shown.version}
                  onClick={() => setPicked(version.version)}
                  className={cx(
                    "flex w-full flex-col gap-0.5 border-b border-line px-3.5 py-2 text-left hover:bg-hover",
                    version.version === shown.version && "bg-selected shadow-[inset_2px_0_var(--accent)]",
                  )}
                >
                  <span className="flex items-center gap-2">
                    <b className="font-mono">v{version.version}</b>
                    <Person {...version.createdBy} />
                    <span className="ml-auto text-sm text-fg-3">
                      <TimeAgo at={version.createdAt} />
                    </span>
                  </span>
                  <span className="truncate text-fg-2">
                    {version.comment === "" ? t("noComment") : version.comment}
                  </span>
                </button>
              </li>
            ))}
          </ol>
          <div className="min-w-0">
            <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-3.5 py-1.5">
              <FileClock aria-hidden className="text-fg-3" />
              {before === undefined
                ? t("first", { version: shown.version })
                : t("against", { version: shown.version, before: before.version })}
              <span className="ml-auto">
                <Button
                  size="small"
                  disabled={!mayEdit}
                  reason={t("mayNot")}
                  onClick={() => onTake(shown.body)}
                >
                  {t("take")}
                </Button>
              </span>
            </div>
            <ScrollBox label={`v${shown.version}`} className="max-h-[480px]">
              <DiffView
                key={shown.version}
                mode={before === undefined ? "unified" : "split"}
                lines={lineDiff(before?.body ?? "", shown.body)}
                leftTitle={before === undefined ? undefined : `v${before.version}`}
                rightTitle={`v${shown.version}`}
              />
            </ScrollBox>
          </div>
        </div>
      )}
    </Card>
  );
}
