"use client";

import { ChevronDown, ChevronUp, GitBranch, GitCommitHorizontal, LockKeyhole } from "lucide-react";
import { useTranslations } from "next-intl";
import { Checkbox } from "#components/ui/choice.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { cx } from "#components/ui/cx.ts";
import { Face } from "#components/ui/person.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { TimeAgo } from "#components/ui/time.tsx";
import { ComponentIcon } from "../component-icon.tsx";
import { useServerNow } from "../server-now.tsx";
import { type FormComponent, shortNumber } from "./form-data.ts";
import { looksLikeCommit } from "./ref-options.ts";
import { RefPicker } from "./ref-picker.tsx";
import { type Content, useLastCommit } from "./use-contents.ts";

/** Columns of the head and of every row: checkbox, component, a version for each environment, the last commit. */
export const columnsOf = (environments: number) =>
  `16px minmax(110px, 150px) repeat(${environments}, 76px) minmax(0, 1fr)`;

/** One component: pick it, see what runs, choose the ref in the row below. */
export function ComponentRow({
  project,
  component,
  environments,
  content,
  open,
  last,
  onPick,
  onOpen,
  onRef,
}: {
  project: string;
  component: FormComponent;
  environments: string[];
  /** There when it is picked. */
  content: Content | undefined;
  open: boolean;
  /** The environment that the count of commits is against. */
  last: string;
  onPick: (picked: boolean) => void;
  onOpen: (open: boolean) => void;
  onRef: (ref: string) => void;
}) {
  const t = useTranslations("releases.form");
  return (
    <div
      data-component={component.key}
      className={cx(
        "grid min-h-10 items-center gap-x-3 border-b border-line px-3.5 last:border-0 max-md:grid-cols-[16px_minmax(0,1fr)] md:grid-cols-(--columns)",
        content !== undefined &&
          "bg-[color-mix(in_oklab,var(--accent-soft)_45%,var(--surface))] pt-1 pb-2.5 shadow-[inset_2px_0_var(--accent)]",
      )}
    >
      <Checkbox
        bare
        label={component.key}
        checked={content !== undefined}
        onChange={onPick}
        className="[&>.checkbox]:mt-0"
      />
      <button
        type="button"
        tabIndex={-1}
        onClick={() => onPick(content === undefined)}
        className="flex h-8 min-w-0 items-center gap-2 text-left font-medium"
        title={component.name}
      >
        <ComponentIcon kind={component.kind} className="text-fg-3" />
        <MiddleText text={component.key} max={20} className="truncate" />
      </button>
      {environments.map((environment) => {
        const version = component.versions.find((known) => known.environment === environment);
        return (
          <span
            key={environment}
            title={version?.release}
            className="truncate font-mono text-sm text-fg-2 max-md:hidden"
          >
            {version === undefined ? <span className="text-fg-3">–</span> : shortNumber(version.release)}
          </span>
        );
      })}
      <span className="min-w-0 max-md:hidden">
        <LastCommit project={project} component={component.key} />
      </span>
      {content !== undefined && (
        <div className="col-start-2 col-end-[-1] min-w-0">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <RefButton component={component.key} value={content.ref} open={open} onOpen={onOpen} />
            <Frozen content={content} last={last} />
          </div>
          {open && (
            <RefPicker
              project={project}
              component={component.key}
              value={content.ref}
              onPick={(ref) => {
                onRef(ref);
                onOpen(false);
              }}
              onClose={() => onOpen(false)}
            />
          )}
          {content.failed && <p className="mt-1 text-bad">{t("refFailed", { ref: content.ref })}</p>}
        </div>
      )}
    </div>
  );
}

function LastCommit({ project, component }: { project: string; component: string }) {
  const t = useTranslations("releases.form");
  const now = useServerNow();
  const query = useLastCommit(project, component);
  const commit = query.data?.items[0];
  if (query.isError) return <span className="text-fg-3">{t("unreadable")}</span>;
  if (commit === undefined) return query.isPending ? <Skeleton className="w-3/5" /> : null;
  return (
    <span className="flex items-center gap-1.5">
      <span className="min-w-0 flex-1 truncate text-fg-2" title={commit.subject}>
        {commit.subject}
      </span>
      <Face username={commit.authorName} />
      <span className="text-fg-3">
        <TimeAgo at={commit.authoredAt} now={now} />
      </span>
    </span>
  );
}

function RefButton({
  component,
  value,
  open,
  onOpen,
}: {
  component: string;
  value: string;
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const t = useTranslations("releases.form");
  const commit = looksLikeCommit(value);
  const Icon = commit ? GitCommitHorizontal : GitBranch;
  const Chevron = open ? ChevronUp : ChevronDown;
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-label={t("chooseRef", { component, ref: value })}
      onClick={() => onOpen(!open)}
      className={cx("input min-h-7! w-48! text-left", open && "outline-2 outline-focus")}
    >
      <Icon aria-hidden className="text-fg-3" />
      <span className="min-w-0 flex-1 truncate" title={value}>
        {commit ? <span className="font-mono text-[0.93em]">{shortCommit(value)}</span> : value}
      </span>
      <Chevron aria-hidden className="text-fg-3" />
    </button>
  );
}

/** What the ref points to now, and how much of it is new. */
function Frozen({ content, last }: { content: Content; last: string }) {
  const t = useTranslations("releases.form");
  const { head, beyond } = content;
  if (head === undefined) return content.loading ? <Skeleton className="w-56" /> : null;
  return (
    <>
      <span className="flex items-center gap-1.5 whitespace-nowrap">
        <LockKeyhole aria-hidden className="text-fg-3" />
        {t("freezesAt")} <span className="font-mono text-[0.93em]">{shortCommit(head.commit)}</span>
      </span>
      <span className="min-w-0 flex-1 truncate text-fg-2" title={head.subject}>
        {head.subject}
      </span>
      {beyond !== undefined && (
        <span className="whitespace-nowrap">
          {content.running === null
            ? t("firstTime", { environment: last })
            : beyond.commits.length === 0
              ? t("nothingNew", { environment: last })
              : t(beyond.atLeast ? "aheadAtLeast" : "ahead", {
                  count: beyond.commits.length,
                  environment: last,
                })}
        </span>
      )}
    </>
  );
}
