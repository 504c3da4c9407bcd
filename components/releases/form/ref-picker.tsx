"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Check, GitBranch, GitCommitHorizontal, Search, Tag } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment, useEffect, useId, useMemo, useRef, useState } from "react";
import { Segmented } from "#components/ui/choice.tsx";
import { cx } from "#components/ui/cx.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { Person } from "#components/ui/person.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { TimeAgo } from "#components/ui/time.tsx";
import { commitPagesQuery, commitsQuery, refsQuery } from "#lib/sources/client.ts";
import { useServerNow } from "../server-now.tsx";
import { RefFailure } from "./ref-failure.tsx";
import {
  commitOptions,
  fits,
  KINDS,
  looksLikeCommit,
  type RefKind,
  type RefOption,
  refOptions,
} from "./ref-options.ts";

const ICONS = { branch: GitBranch, tag: Tag, commit: GitCommitHorizontal };
const TYPING_MS = 200;

function useDelayed(text: string): string {
  const [late, setLate] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLate(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return late;
}

/** Unfolds in its row: branches, tags and commits of the real repository, by keyboard; any commit id may be pasted. */
export function RefPicker({
  project,
  component,
  value,
  onPick,
  onClose,
}: {
  project: string;
  component: string;
  value: string;
  onPick: (ref: string) => void;
  onClose: () => void;
}) {
  const t = useTranslations("releases.form");
  const now = useServerNow();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [kind, setKind] = useState<RefKind>(looksLikeCommit(value) ? "commit" : "branch");
  const [at, setAt] = useState(0);
  const search = useDelayed(text);
  const source = { project, component };
  const isCommit = looksLikeCommit(search);
  const words = isCommit ? "" : search;
  // Only what is looked at is asked for: a form opens without waiting for tags.
  const refs = useInfiniteQuery({
    ...refsQuery(source, kind === "tag" ? "tag" : "branch", words),
    enabled: kind !== "commit",
    placeholderData: keepPreviousData,
  });
  const commits = useInfiniteQuery({
    ...commitPagesQuery(source, words),
    enabled: kind === "commit",
    placeholderData: keepPreviousData,
  });
  const pasted = useQuery({ ...commitsQuery(source, { ref: search, limit: 1 }), enabled: isCommit });
  const clock = now === undefined ? 0 : new Date(now).getTime();
  const all = useMemo(() => {
    if (kind !== "commit")
      return refOptions(refs.data?.pages.flatMap(({ items }) => items) ?? [], kind, clock);
    const known = commits.data?.pages.flatMap(({ items }) => items) ?? [];
    return commitOptions(known, isCommit ? pasted.data?.items[0] : undefined);
  }, [kind, refs.data, commits.data, pasted.data, isCommit, clock]);
  const options = all.filter((option) => fits(option, text));
  const list = kind === "commit" ? commits : refs;
  const active = Math.min(at, options.length - 1);
  // What another kind or an earlier text had is no answer to this question when none of it fits.
  const loading = list.isPending || (list.isPlaceholderData && options.length === 0);
  const failed = list.isError;

  // Opened by a press of its own button: the reader wants to type.
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (isCommit) setKind("commit");
  }, [isCommit]);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setAt(Math.min(options.length - 1, Math.max(0, active + by)));
      if (by > 0 && active >= options.length - 2 && list.hasNextPage && !list.isFetchingNextPage)
        void list.fetchNextPage();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = options[active];
      if (option !== undefined) onPick(option.ref);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    }
  };

  return (
    <div className="mt-2 overflow-hidden rounded-md border border-line-strong bg-surface">
      <div className="flex flex-wrap items-center gap-2.5 border-b border-line py-1 pr-1.5 pl-2.5">
        <Search aria-hidden className="text-fg-3" />
        <input
          ref={field}
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={options[active] === undefined ? undefined : `${id}-${active}`}
          aria-label={t("searchRefs", { component })}
          placeholder={t("searchRefs", { component })}
          className="h-7 min-w-32 flex-1 bg-transparent outline-none placeholder:text-fg-3"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Segmented
          label={t("kind")}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setAt(0);
          }}
          options={KINDS.map((name) => ({
            value: name,
            label: t(name),
          }))}
        />
      </div>
      <div
        ref={box}
        id={`${id}-list`}
        role="listbox"
        aria-label={t(kind)}
        className="max-h-64 overflow-y-auto py-1"
      >
        {loading ? (
          <SkeletonRows rows={4} />
        ) : failed ? (
          <RefFailure error={list.error} onRetry={() => void list.refetch()} />
        ) : options.length === 0 ? (
          <p className="px-2.5 py-2 text-fg-3">
            {isCommit && pasted.isError ? t("noSuchCommit", { commit: search }) : t("noRefs")}
          </p>
        ) : (
          options.map((option, index) => (
            <Fragment key={option.ref}>
              {kind !== "commit" && option.recent !== options[index - 1]?.recent && (
                <p className="px-2.5 pt-1.5 pb-0.5 text-sm text-fg-3">
                  {t(option.recent ? "recent" : "older")}
                </p>
              )}
              <Row
                id={`${id}-${index}`}
                option={option}
                active={index === active}
                chosen={option.ref === value}
                onPick={() => onPick(option.ref)}
                onHover={() => setAt(index)}
              />
            </Fragment>
          ))
        )}
        {!loading && !failed && list.hasNextPage && (
          <button
            type="button"
            tabIndex={-1}
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
            className="h-8 w-full px-2.5 text-left text-accent hover:underline disabled:text-fg-3"
          >
            {t(list.isFetchingNextPage ? "loadingMore" : search === "" ? "loadMore" : "searchFurther")}
          </button>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-3.5 gap-y-1 border-t border-line bg-sunken px-2.5 py-1.5 text-sm text-fg-2">
        <span className="flex items-center gap-1.5 max-md:hidden">
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd>
          {t("move")}
        </span>
        <span className="flex items-center gap-1.5 max-md:hidden">
          <Kbd>Enter</Kbd>
          {t("pick")}
        </span>
        <span className="ml-auto">{t("pasteHint")}</span>
      </div>
    </div>
  );
}

function Row({
  id,
  option,
  active,
  chosen,
  onPick,
  onHover,
}: {
  id: string;
  option: RefOption;
  active: boolean;
  chosen: boolean;
  onPick: () => void;
  onHover: () => void;
}) {
  const now = useServerNow();
  const Icon = chosen ? Check : ICONS[option.kind];
  return (
    // The field above keeps the focus and handles the keys, as the listbox pattern wants it.
    <button
      id={id}
      type="button"
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onClick={onPick}
      onMouseMove={onHover}
      className={cx(
        "grid h-8 w-full grid-cols-[15px_minmax(0,150px)_58px_minmax(0,1fr)_max-content_88px] items-center gap-2.5 px-2.5 text-left max-md:grid-cols-[15px_minmax(0,1fr)_58px]",
        active && "bg-selected",
      )}
    >
      <Icon aria-hidden className={chosen ? "text-accent" : "text-fg-3"} />
      <span className="truncate" title={option.ref}>
        {option.kind === "commit" ? option.head?.subject : option.ref}
      </span>
      <span className={cx("font-mono text-[0.93em]", active ? "text-fg-2" : "text-fg-3")}>
        {shortCommit(option.commit)}
      </span>
      <span className="truncate text-fg-2 max-md:hidden">
        {option.kind === "commit"
          ? option.head?.tickets.map(({ key }) => key).join(" ")
          : option.head?.subject}
      </span>
      <span className="max-w-28 truncate max-md:hidden">
        {option.head !== null && <Person username={option.head.authorName} />}
      </span>
      <span className={cx("text-right max-md:hidden", active ? "text-fg-2" : "text-fg-3")}>
        {option.head !== null && <TimeAgo at={option.head.authoredAt} now={now} />}
      </span>
    </button>
  );
}
