import {
  type ChangeSet,
  type EditorState,
  StateEffect,
  StateField,
  type Text,
  Transaction,
} from "@codemirror/state";
import type { EditorView, KeyBinding } from "@codemirror/view";

type Step = { changes: ChangeSet; at: number };
type Past = { done: Step[]; undone: Step[] };
const KEPT = 200;
/** Typing without a pause this long is one step. */
const PAUSE_MS = 500;
const stepped = StateEffect.define<"undo" | "redo">();

const invert = (changes: ChangeSet, before: Text) => changes.invert(before);

/** What was done and can be undone; the newest step last. */
export const past = StateField.define<Past>({
  create: () => ({ done: [], undone: [] }),
  update(value, transaction) {
    if (!transaction.docChanged) return value;
    const at = transaction.annotation(Transaction.time) ?? 0;
    const step = { changes: invert(transaction.changes, transaction.startState.doc), at };
    const direction = transaction.effects.find((effect) => effect.is(stepped))?.value;
    if (direction === "undo") return { done: value.done.slice(0, -1), undone: [...value.undone, step] };
    if (direction === "redo") return { done: [...value.done, step], undone: value.undone.slice(0, -1) };
    const last = value.done.at(-1);
    if (last !== undefined && at - last.at < PAUSE_MS && transaction.isUserEvent("input.type")) {
      const joined = { changes: step.changes.compose(last.changes), at };
      return { done: [...value.done.slice(0, -1), joined], undone: [] };
    }
    return { done: [...value.done, step].slice(-KEPT), undone: [] };
  },
});

const stepOf = (state: EditorState, direction: "undo" | "redo") =>
  state.field(past)[direction === "undo" ? "done" : "undone"].at(-1);

const run = (direction: "undo" | "redo") => (view: EditorView) => {
  const step = stepOf(view.state, direction);
  if (step === undefined || view.state.readOnly) return false;
  view.dispatch({ changes: step.changes, effects: stepped.of(direction), scrollIntoView: true });
  return true;
};

export const undoKeys: KeyBinding[] = [
  { key: "Mod-z", run: run("undo"), preventDefault: true },
  { key: "Mod-y", run: run("redo"), preventDefault: true },
  { key: "Mod-Shift-z", run: run("redo"), preventDefault: true },
];
