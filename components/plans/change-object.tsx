"use client";

import { ArrowRight, ChevronDown, ChevronRight, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Checkbox } from "#components/ui/choice.tsx";
import { cx } from "#components/ui/cx.ts";
import { rowsOf } from "#components/ui/diff-lines.ts";
import { type DiffLine, DiffView } from "#components/ui/diff-view.tsx";
import { middle } from "#components/ui/text.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { ConflictNote } from "./conflict-note.tsx";
import { conflictId, keptRow, rowOf } from "./conflict-rows.ts";
import { FieldTable } from "./field-table.tsx";
import { NearView } from "./near-view.tsx";
import { ChangeSign, KindIcon, LineCounts } from "./object-marks.tsx";
import { hasNotes, ObjectNotes } from "./object-notes.tsx";
import { gistOf, originsOf, type PlanObject, type ReviewEntry } from "./review-model.ts";
import { OriginList, SourceTag } from "./source-tag.tsx";
import type { Choices } from "./use-choices.ts";

/** Old and new text beside each other or below each other, or the fields alone. */
export type ReviewMode = "split" | "unified" | "fields";

function sourceOf(index: number | null, origins: PlanDto["origins"]) {
  const origin = index === null ? undefined : origins[index];
  return origin && <SourceTag origin={origin} />;
}

function Gist({ object }: { object: PlanObject }) {
  const t = useTranslations("plans");
  const gist = gistOf(object);
  if (gist === null) return <span className="truncate">{t(`gist.${object.change}`)}</span>;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 font-mono text-sm">
      <span className="truncate">{gist.name}</span>
      <span className="truncate text-fg-3">{gist.before}</span>
      <ArrowRight aria-hidden className="text-fg-3" />
      <span className="truncate">{gist.after}</span>
    </span>
  );
}

/** Height of a line, and of how many a diff has room before it is built. */
const ROW = 20;
const TALL = 20;
/** Long names differ at their end as often as at their start: both are shown. */
const NAME_LENGTH = 48;

/** One changed object: its row with the gist and a tick, and its diff when open. */
export function ChangeObject({
  entry,
  id,
  open,
  onOpen,
  seen,
  onSeen,
  current,
  mode,
  query,
  origins,
  choices,
  many,
  from,
  to,
}: {
  entry: ReviewEntry;
  id: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  seen: boolean;
  onSeen: (seen: boolean) => void;
  current: boolean;
  mode: ReviewMode;
  query: string;
  origins: PlanDto["origins"];
  choices: Choices;
  /** One of so many that only those near the reader are built. */
  many: boolean;
  /** What stands there, and the release that the plan brings: heads of the two sides. */
  from: string;
  to: string;
}) {
  const t = useTranslations("plans");
  const { object } = entry;
  const rows = useMemo(() => rowsOf(object.diff), [object.diff]);
  const name = `${object.kind} ${object.name}`;
  const notes = object.conflicts.map((conflict, index) => ({
    conflict,
    row: mode === "fields" ? -1 : rowOf(rows, object.diff, conflict.line),
    note: (
      <ConflictNote
        key={`${conflict.field} ${conflict.manager}`}
        id={conflictId(entry.key, index)}
        object={name}
        conflict={conflict}
        choices={choices}
      />
    ),
  }));
  const lines = rows.map((row, index): DiffLine => {
    const own = notes.filter((one) => one.row === index);
    const [first] = own;
    if (first === undefined || row.kind !== "same" || choices.wish(name, first.conflict) !== "leave")
      return {
        ...row,
        source: row.kind === "same" ? undefined : sourceOf(row.line.origin, origins),
        note: first === undefined ? undefined : own.map(({ note }) => note),
      };
    return {
      ...row,
      ...keptRow(row, first.conflict.ours),
      source: t("review.notSent"),
      note: own.map(({ note }) => note),
    };
  });
  const whence = originsOf(object, origins);
  const whole = object.change === "create" || object.change === "delete";
  return (
    <article
      id={id}
      className={cx(
        "scroll-mt-14 border-b border-line last:border-0 lg:scroll-mt-(--below)",
        current && "shadow-[inset_2px_0_var(--accent)]",
      )}
    >
      <header
        className={cx(
          "flex min-h-[38px] items-center gap-2 px-3.5",
          open && "border-b border-line bg-sunken",
        )}
      >
        <button
          type="button"
          aria-expanded={open}
          onClick={() => onOpen(!open)}
          className="flex min-h-[38px] min-w-0 flex-1 items-center gap-2 text-left"
        >
          {open ? (
            <ChevronDown aria-hidden className="text-fg-3" />
          ) : (
            <ChevronRight aria-hidden className="text-fg-3" />
          )}
          <ChangeSign change={object.change} label={t(`change.${object.change}`)} />
          <KindIcon kind={object.kind} />
          <span className="truncate font-medium" title={object.name}>
            {middle(object.name, NAME_LENGTH)}
          </span>
          <span className="flex-none text-fg-3 max-sm:hidden">{object.kind}</span>
          <span className="min-w-0 flex-1 truncate pl-1 text-fg-2 max-md:hidden">
            {!open && <Gist object={object} />}
          </span>
          {hasNotes(object) && <TriangleAlert className="text-wait" aria-label={t("review.noted")} />}
          <LineCounts added={object.added} removed={object.removed} />
        </button>
        <Checkbox
          checked={seen}
          onChange={onSeen}
          label={
            <span className={cx("text-sm whitespace-nowrap", seen ? "text-accent" : "text-fg-3")}>
              {t("review.seen")}
            </span>
          }
        />
      </header>
      {open && (
        <NearView
          at={current || !many}
          height={lines.length === 0 ? ROW : Math.min(lines.length, TALL) * ROW}
        >
          <ObjectNotes object={object}>
            {notes
              .filter(({ row }) => row < 0)
              .map(({ note, conflict }) => (
                <li key={`${conflict.field} ${conflict.manager}`}>{note}</li>
              ))}
          </ObjectNotes>
          <OriginList origins={whence} />
          {lines.length === 0 ? (
            <p className="px-3.5 py-3 text-fg-2">{t("review.noDiff")}</p>
          ) : mode === "fields" && object.fields.length > 0 ? (
            <FieldTable fields={object.fields} origins={origins} query={query} />
          ) : (
            <DiffView
              lines={lines}
              mode={whole || mode !== "split" ? "unified" : "split"}
              leftTitle={<b className="font-medium text-fg-2">{from}</b>}
              rightTitle={<b className="font-medium text-fg-2">{to}</b>}
              query={query}
              label={name}
            />
          )}
        </NearView>
      )}
    </article>
  );
}
