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
  ".cm-key": { color: "var(--run)" },
  ".cm-text": { color: "var(--good)" },
  ".cm-number": { color: "var(--wait)" },
  ".cm-note": { color: "var(--text-3)" },
  ".cm-placeholder": { color: "var(--held)" },
  ".cm-bad-line": { backgroundColor: "var(--bad-soft)", boxShadow: "inset 3px 0 var(--bad-solid)" },
});

const LOOKS = {
  note: Decoration.mark({ class: "cm-note" }),
  tag: Decoration.mark({ class: "cm-placeholder" }),
  text: Decoration.mark({ class: "cm-text" }),
  key: Decoration.mark({ class: "cm-key" }),
  number: Decoration.mark({ class: "cm-number" }),
} as const;
type Look = keyof typeof LOOKS;

/** Line by line: a YAML parser takes `{%` for the start of a mapping and colours the rest of the text wrongly. */
const TOKENS =
  /(?<note>\{#.*?(?:#\}|$)|(?:^|\s)#.*$)|(?<tag>\{\{.*?\}\}|\{%.*?%\})|(?<text>"[^"]*"|'[^']*')|(?<=^\s*(?:- )*)(?<key>[\w./-]+)(?=:(?:\s|$))|(?<=[:-] )(?<number>-?\d+(?:\.\d+)?|true|false|null)(?=\s|$)/g;
const isLook = (name: string): name is Look => Object.hasOwn(LOOKS, name);

const matcher = new MatchDecorator({
  regexp: TOKENS,
  decorate(add, from, to, match) {
    const name = Object.keys(match.groups ?? {}).find((group) => match.groups?.[group] !== undefined);
    if (name !== undefined && isLook(name)) add(from, to, LOOKS[name]);
  },
});
const tokens = ViewPlugin.define(
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

/** Colours from the tokens of the product, so that both themes follow; and wrong lines. */
const ground: Extension = [theme, badLines];
/** For rendered YAML, which a parser understands. */
export const resultLook: Extension = [ground, syntaxHighlighting(colours)];
/** For a template: YAML with placeholders in it. */
export const templateLook: Extension = [ground, tokens];
