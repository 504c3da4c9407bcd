"use client";

import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cx } from "#components/ui/cx.ts";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";
import { type ChangeFilter, ChangeFilters, NO_FILTER } from "./change-filters.tsx";
import { ChangeNav, GroupHead } from "./change-nav.tsx";
import { ChangeObject, type ReviewMode } from "./change-object.tsx";
import { ConflictBar } from "./conflict-bar.tsx";
import { conflictKeyOf } from "./conflict-model.ts";
import { conflictId } from "./conflict-rows.ts";
import {
  distinctEntries,
  type PlanObject,
  type ReviewEntry,
  type ReviewGroup,
  sourcesOf,
  weightOf,
} from "./review-model.ts";
import { ReviewTools } from "./review-tools.tsx";
import type { Choices } from "./use-choices.ts";

/** Objects that are open at first: enough to start reading, not a wall. */
const OPEN_AT_FIRST = 3;
/** From so many objects on, only diffs near the reader are built, and lists of objects come in pages. */
const MANY = 20;
const PAGE = 30;
/** Weight of an object of which only the release's label changes. */
const LABELS_ONLY = 3;
/** What stays at the top while the diffs scroll: the page's head, this card's, and the count of choices. */
const BELOW_HEAD = "[--below:91px]";
const BELOW_BOTH = "[--below:136px]";
const idOf = (key: string) => `change-${key.replace(/[^\w-]/g, "-")}`;

const holds = (entry: ReviewEntry, query: string) => {
  const wanted = query.toLowerCase();
  const { name, kind, diff } = entry.object;
  return (
    `${kind} ${name}`.toLowerCase().includes(wanted) ||
    diff.some(({ text }) => text.toLowerCase().includes(wanted))
  );
};

const isUndecided = ({ conflicts }: PlanObject) => conflicts.some(({ choice }) => choice === null);
const indexOfConflict = ({ kind, name, conflicts }: PlanObject, key: string): number =>
  conflicts.findIndex((conflict) => conflictKeyOf(`${kind} ${name}`, conflict) === key);

/** Everything that will change, object by object, each with a tick; `j` `k` move, `enter` folds, `x` ticks, `n` goes to the next choice. */
export function ChangeReview({
  plan,
  groups,
  seen,
  onSeen,
  choices,
}: {
  plan: PlanDto;
  choices: Choices;
  groups: ReviewGroup[];
  seen: ReadonlySet<string>;
  onSeen: (key: string, seen: boolean) => void;
}) {
  const t = useTranslations("plans");
  const all = distinctEntries(groups);
  const [mode, setMode] = useState<ReviewMode>("split");
  const [query, setQuery] = useState("");
  const [filter, setFilter] = useState<ChangeFilter>(NO_FILTER);
  const [current, setCurrent] = useState<string | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        all
          .filter(({ object }) => weightOf(object) < LABELS_ONLY)
          .filter(({ object }, index) => index < OPEN_AT_FIRST || (all.length <= MANY && isUndecided(object)))
          .map(({ key }) => key),
      ),
  );
  useEffect(() => {
    if (matchMedia("(max-width: 900px)").matches) setMode("unified");
  }, []);

  // Where the reader is sent: unfolded, whatever the filters hide, with the keyboard on the choices.
  const { jump } = choices;
  const handled = useRef(jump);
  const sent = useEffectEvent((wanted: string) => {
    const entry = all.find(({ object }) => indexOfConflict(object, wanted) >= 0);
    if (entry === undefined) return;
    if (!visible.includes(entry)) {
      setFilter(NO_FILTER);
      setQuery("");
    }
    setCurrent(entry.key);
    toggle(entry.key, true);
    const id = conflictId(entry.key, indexOfConflict(entry.object, wanted));
    requestAnimationFrame(() => {
      const note = document.getElementById(id);
      const radio = note?.querySelector<HTMLInputElement>("input:checked:enabled, input:enabled");
      note?.scrollIntoView({ block: "center" });
      (radio ?? note)?.focus({ preventScroll: true });
    });
  });
  useEffect(() => {
    // What was there when this review came up was for the one before.
    if (jump === null || jump === handled.current) return;
    handled.current = jump;
    sent(jump.key);
  }, [jump]);

  const shown = (entries: ReviewEntry[]) =>
    entries.filter(
      (entry) =>
        (filter.source === null || sourcesOf(entry.object).has(filter.source)) &&
        (filter.change === null || entry.object.change === filter.change) &&
        (query === "" || holds(entry, query)),
    );
  const visible = shown(all);
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  /** Rows of a group; the rest of a long one follows on demand, and when the reader is sent there. */
  const listed = ({ key, entries }: ReviewGroup) => {
    const rows = shown(entries);
    const until = whole.has(key)
      ? rows.length
      : Math.max(PAGE, rows.findIndex((row) => row.key === current) + 1);
    return { rows: rows.slice(0, until), rest: Math.max(0, rows.length - until) };
  };
  const toggle = (key: string, wanted: boolean) => {
    const next = new Set(open);
    if (wanted) next.add(key);
    else next.delete(key);
    setOpen(next);
  };
  const goTo = (key: string, unfold: boolean) => {
    setCurrent(key);
    if (unfold) toggle(key, true);
    requestAnimationFrame(() => document.getElementById(idOf(key))?.scrollIntoView({ block: "start" }));
  };
  const tick = (key: string, yes: boolean) => {
    onSeen(key, yes);
    toggle(key, !yes);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement && (event.target.type !== "radio" || event.key !== "n"))
      return;
    if (event.key === "n") choices.next();
    const at = visible.findIndex(({ key }) => key === current);
    const next = event.key === "j" ? visible[at + 1] : event.key === "k" ? visible[at - 1] : undefined;
    if (next !== undefined) {
      event.preventDefault();
      goTo(next.key, false);
    } else if (event.key === "x" && current !== null) tick(current, !seen.has(current));
  };
  const ticked = all.filter(({ key }) => seen.has(key)).length;
  return (
    <Card
      className={cx("overflow-clip", choices.groups.length > 0 ? BELOW_BOTH : BELOW_HEAD)}
      onKeyDown={onKeyDown}
    >
      <div className="z-10 bg-surface lg:sticky lg:top-12">
        <CardHeader
          className="flex-wrap"
          title={t("review.title")}
          hint={all.length > 0 ? t("review.seenCount", { seen: ticked, count: all.length }) : undefined}
          actions={
            <ReviewTools
              mode={mode}
              onMode={setMode}
              query={query}
              onQuery={setQuery}
              folded={open.size < visible.length}
              onFold={() =>
                setOpen(open.size < visible.length ? new Set(visible.map(({ key }) => key)) : new Set())
              }
            />
          }
        />
        <ConflictBar choices={choices} />
      </div>
      {all.length > 1 && (
        <ChangeFilters
          entries={all}
          filter={filter}
          onFilter={setFilter}
          className="flex-wrap border-b border-line px-3.5 py-2 lg:hidden"
        />
      )}
      <div className="lg:grid lg:grid-cols-[284px_minmax(0,1fr)]">
        <ChangeNav
          groups={groups}
          shown={shown}
          current={current}
          onPick={(key) => goTo(key, true)}
          filter={filter}
          onFilter={setFilter}
        />
        <div className="min-w-0">
          {groups.map((group, index) => {
            const { key, targets, entries, unchanged } = group;
            const [first] = targets;
            const { rows, rest } = listed(group);
            return (
              <section key={key} aria-label={key}>
                <div className={index === 0 && targets.length === 1 ? "lg:hidden" : undefined}>
                  <GroupHead targets={targets}>
                    {targets.length > 1 && (
                      <span className="text-fg-2">{t("review.alike", { count: targets.length })}</span>
                    )}
                  </GroupHead>
                </div>
                {rows.map((entry) => (
                  <ChangeObject
                    key={entry.key}
                    id={idOf(entry.key)}
                    entry={entry}
                    open={open.has(entry.key)}
                    onOpen={(wanted) => toggle(entry.key, wanted)}
                    seen={seen.has(entry.key)}
                    onSeen={(yes) => tick(entry.key, yes)}
                    current={current === entry.key}
                    mode={mode}
                    query={query}
                    origins={plan.origins}
                    choices={choices}
                    many={all.length > MANY}
                    from={t("review.live", { cluster: first.cluster })}
                    to={t("review.planned", { release: plan.release })}
                  />
                ))}
                {rest > 0 && (
                  <button
                    type="button"
                    className="flex min-h-[38px] w-full items-center gap-2 border-b border-line px-3.5 text-left text-accent hover:bg-hover"
                    onClick={() => setWhole(new Set([...whole, key]))}
                  >
                    <ChevronDown aria-hidden />
                    {t("review.rest", { count: rest })}
                  </button>
                )}
                {entries.length === 0 && (
                  <p className="px-3.5 py-3 text-fg-2">
                    {first.reachable
                      ? t("review.nothing", { count: unchanged.length })
                      : t("review.unreachable", { cluster: first.cluster })}
                  </p>
                )}
              </section>
            );
          })}
          {groups.length === 0 && <EmptyState title={t("review.noTargets")} />}
          {all.length > 0 && visible.length === 0 && <EmptyState title={t("review.noMatch")} />}
        </div>
      </div>
    </Card>
  );
}
