import { EditorState, Transaction } from "@codemirror/state";
import { expect, test } from "vitest";
import { past } from "./undo.ts";

const start = () => EditorState.create({ doc: "replicas: 1", extensions: [past] });
const type = (state: EditorState, insert: string, at: number) =>
  state.update({
    changes: { from: state.doc.length, insert },
    annotations: Transaction.time.of(at),
    userEvent: "input.type",
  }).state;

test("typing without a pause is one step, a pause begins another", () => {
  const quick = type(type(start(), "0", 1000), "0", 1100);
  expect(quick.field(past).done).toHaveLength(1);
  expect(type(quick, "0", 5000).field(past).done).toHaveLength(2);
});

test("a step taken back restores the text, several keys at once", () => {
  const state = type(type(start(), "2", 1000), "4", 1100);
  expect(state.doc.toString()).toBe("replicas: 124");
  const step = state.field(past).done.at(-1);
  expect(step?.changes.apply(state.doc).toString()).toBe("replicas: 1");
});
