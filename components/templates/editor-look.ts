import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, MatchDecorator, ViewPlugin } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--run)" },
  { tag: [tags.string, tags.attributeValue], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--wait)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--text-3)" },
  { tag: [tags.keyword, tags.meta, tags.typeName], color: "var(--held)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--text)", fontSize: "12px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "19px", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-gutters": {
    backgroundColor: "var(--surface)",
    color: "var(--text-3)",
    border: "none",
    paddingLeft: "8px",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-placeholder-tag": { color: "var(--held)" },
  ".cm-bad-line": { backgroundColor: "var(--bad-soft)", boxShadow: "inset 3px 0 var(--bad-solid)" },
});

/** `{{ … }}`, `{% … %}` and `{# … #}`: what is filled in, decided or said about the template. */
const matcher = new MatchDecorator({
  regexp: /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/g,
  decoration: Decoration.mark({ class: "cm-placeholder-tag" }),
});
const placeholders = ViewPlugin.define(
  (view) => {
    const plugin = {
      marks: matcher.createDeco(view),
      update(change: Parameters<typeof matcher.updateDeco>[0]) {
        plugin.marks = matcher.updateDeco(change, plugin.marks);
      },
    };
    return plugin;
  },
  { decorations: (plugin) => plugin.marks },
);

/** Marks these lines (1-based) as wrong, in place of those marked before. */
export const markBadLines = StateEffect.define<readonly number[]>();
const badLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.find((one) => one.is(markBadLines));
    if (effect === undefined) return marks.map(transaction.changes);
    const { doc } = transaction.state;
    const lines = [...new Set(effect.value)]
      .filter((line) => line >= 1 && line <= doc.lines)
      .sort((a, b) => a - b);
    return Decoration.set(
      lines.map((line) => Decoration.line({ class: "cm-bad-line" }).range(doc.line(line).from)),
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Colours from the tokens, so that both themes follow; placeholders; wrong lines. */
export const editorLook: Extension = [theme, syntaxHighlighting(colours), placeholders, badLines];
