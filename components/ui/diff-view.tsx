"use client";

import { UnfoldVertical } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment, type ReactNode, useMemo, useState } from "react";
import { cx } from "./cx.ts";
import { type DiffRow, inlineMarks, numberRows, sections } from "./diff-lines.ts";
import { MarkedCode } from "./marked-code.tsx";

/** A row with what stands beside it: where the line comes from, a note below it, a mark that it is new since a time. */
export type DiffLine = DiffRow & { source?: ReactNode; note?: ReactNode; fresh?: ReactNode };
type Numbered = { row: DiffLine; left?: number; right?: number };

function Side({ numbered, side, query }: { numbered: Numbered; side: "left" | "right"; query: string }) {
  const { row } = numbered;
  const text = row[side];
  const kept = row.kind === "kept";
  const tone =
    row.kind === "same" || (kept && side === "left") ? "" : kept ? "kept" : side === "left" ? "del" : "ins";
  const sign = tone === "del" ? "−" : tone === "ins" ? "+" : "";
  const marks =
    row.kind === "change" && row.left !== undefined && row.right !== undefined
      ? inlineMarks(row.left, row.right)
      : null;
  const range: [number, number] | undefined =
    marks === null ? undefined : [marks.start, side === "left" ? marks.leftEnd : marks.rightEnd];
  const none = text === undefined;
  return (
    <>
      <span className={cx("diff-number", none ? "diff-none" : tone && `diff-${tone}`, `diff-${side}`)}>
        {numbered[side]}
        <b className={tone === "del" ? "text-bad" : "text-good"}>{none ? "" : sign}</b>
      </span>
      <code className={cx("diff-code", none ? "diff-none" : tone && `diff-${tone}`)}>
        {text !== undefined && <MarkedCode text={text} range={range} query={query} />}
      </code>
    </>
  );
}

function Row({
  numbered,
  mode,
  query,
  sources,
}: {
  numbered: Numbered;
  mode: "split" | "unified";
  query: string;
  sources: boolean;
}) {
  const { row } = numbered;
  const aside = sources && <span className="diff-source">{row.fresh ?? row.source}</span>;
  const fresh = row.fresh !== undefined && "diff-fresh";
  const body =
    mode === "split" ? (
      <div className={cx("diff-row", fresh)}>
        <Side numbered={numbered} side="left" query={query} />
        <Side numbered={numbered} side="right" query={query} />
        {aside}
      </div>
    ) : (
      (row.kind === "same" ? (["right"] as const) : (["left", "right"] as const))
        .filter((side) => row[side] !== undefined)
        .map((side) => (
          <div key={side} className={cx("diff-row", fresh)}>
            <Side numbered={numbered} side={side} query={query} />
            {aside}
          </div>
        ))
    );
  return (
    <>
      {body}
      {row.note !== undefined && <div className="diff-note">{row.note}</div>}
    </>
  );
}

/**
 * A diff, side by side or unified. Runs of unchanged rows fold, keeping `context` rows around each change; rows that
 * hold `query` are never folded. Scrolls sideways within itself.
 */
export function DiffView({
  lines,
  mode = "split",
  leftTitle,
  rightTitle,
  context = 3,
  query = "",
  label,
}: {
  lines: DiffLine[];
  mode?: "split" | "unified";
  leftTitle?: ReactNode;
  rightTitle?: ReactNode;
  context?: number;
  query?: string;
  label?: string;
}) {
  const t = useTranslations("common");
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const numbered = useMemo(() => numberRows(lines), [lines]);
  const cuts = useMemo(() => {
    const wanted = query.toLowerCase();
    const hit = (text?: string) => wanted !== "" && text !== undefined && text.toLowerCase().includes(wanted);
    return sections(
      lines.map(
        (line) => line.kind !== "same" || line.note !== undefined || hit(line.left) || hit(line.right),
      ),
      context,
    );
  }, [lines, context, query]);
  const sources = lines.some((line) => line.source !== undefined || line.fresh !== undefined);
  return (
    <section
      aria-label={label ?? t("diff.label")}
      className={cx("diff", `diff-${mode}`, sources && "diff-sources")}
    >
      {(leftTitle !== undefined || rightTitle !== undefined) && mode === "split" && (
        <div className="diff-row diff-head">
          <span className="diff-left-title">{leftTitle}</span>
          <span className="diff-right-title">{rightTitle}</span>
          {sources && <span className="diff-source">{t("diff.source")}</span>}
        </div>
      )}
      {cuts.map((cut) => {
        const rows = numbered.slice(cut.from, cut.from + cut.count);
        if (cut.fold && !opened.has(cut.from)) {
          return (
            <button
              key={cut.from}
              type="button"
              className="diff-fold"
              onClick={() => setOpened(new Set([...opened, cut.from]))}
            >
              <UnfoldVertical aria-hidden />
              {t("diff.unchanged", { count: cut.count })}
            </button>
          );
        }
        return (
          <Fragment key={cut.from}>
            {rows.map((row) => (
              <Row
                key={`${row.left ?? ""}:${row.right ?? ""}`}
                numbered={row}
                mode={mode}
                query={query}
                sources={sources}
              />
            ))}
          </Fragment>
        );
      })}
      {lines.length === 0 && <p className="px-3.5 py-3 font-sans text-base text-fg-3">{t("diff.none")}</p>}
    </section>
  );
}
