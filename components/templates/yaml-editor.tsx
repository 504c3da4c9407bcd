"use client";

import { yaml } from "@codemirror/lang-yaml";
import { EditorSelection, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  type KeyBinding,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";
import { cx } from "#components/ui/cx.ts";
import { markBadLines, resultLook, templateLook } from "./editor-look.ts";
import { past, undoKeys } from "./undo.ts";

const NO_LINES: readonly number[] = [];

/** Puts `text` in place of each selection; `indented` repeats the indent of the line that it is put into. */
const insert = (text: string, indented: boolean) => (view: EditorView) => {
  if (view.state.readOnly) return false;
  const change = view.state.changeByRange((range) => {
    const indent = indented ? (/^ */.exec(view.state.doc.lineAt(range.from).text)?.[0] ?? "") : "";
    const whole = text + indent;
    return {
      changes: { from: range.from, to: range.to, insert: whole },
      range: EditorSelection.cursor(range.from + whole.length),
    };
  });
  view.dispatch(change, { scrollIntoView: true, userEvent: "input" });
  return true;
};
// Tab stays the key that leaves the field (WCAG 2.1.2); two spaces are typed as fast.
const keys: KeyBinding[] = [...undoKeys, { key: "Enter", run: insert("\n", true) }];

/**
 * A YAML template as text. `value` from outside replaces what is typed only when it differs. `goTo` puts the cursor on
 * a line (1-based; raise `key` to go again).
 */
export function YamlEditor({
  value,
  onChange,
  label,
  readOnly = false,
  result = false,
  badLines = NO_LINES,
  goTo,
  className,
}: {
  value: string;
  onChange?: (value: string) => void;
  label: string;
  readOnly?: boolean;
  /** Rendered text: plain YAML, without placeholders. */
  result?: boolean;
  badLines?: readonly number[];
  goTo?: { line: number; key: number };
  className?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const first = useRef(value);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  });
  useEffect(() => {
    if (box.current === null) return;
    const view = new EditorView({
      parent: box.current,
      doc: first.current,
      extensions: [
        lineNumbers(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        result ? [yaml(), resultLook] : templateLook,
        past,
        keymap.of(keys),
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
        EditorView.contentAttributes.of({ "aria-label": label, ...(readOnly ? { tabindex: "0" } : {}) }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current?.(update.state.doc.toString());
        }),
      ],
    });
    editor.current = view;
    return () => {
      first.current = view.state.doc.toString();
      view.destroy();
    };
  }, [label, readOnly, result]);
  useEffect(() => {
    const view = editor.current;
    if (view === null || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    editor.current?.dispatch({ effects: markBadLines.of(badLines) });
  }, [badLines]);
  useEffect(() => {
    const view = editor.current;
    if (view === null || goTo === undefined) return;
    const line = view.state.doc.line(Math.min(Math.max(1, goTo.line), view.state.doc.lines));
    view.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: "center" }),
    });
    view.focus();
  }, [goTo]);
  return <div ref={box} className={cx("min-h-0 overflow-hidden", className)} />;
}
