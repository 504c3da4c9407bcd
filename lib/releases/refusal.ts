import { AppError, type Blocker } from "#lib/errors.ts";

/** The blocker for a thing that is not in a state that the action starts from. */
export const wrongState = (noun: string, state: string, from: readonly string[]): Blocker => ({
  code: "WRONG_STATE",
  message: `the ${noun} is ${state}, not ${from.join(" or ")}`,
  facts: { noun, state, from: from.join(", ") },
  liftedBy: [],
});

/** Refuses with every blocker at once; INVALID_STATE when the state is the only one. Does nothing without any. */
export function refuseIf(blockers: Blocker[]): void {
  const [first] = blockers;
  if (!first) return;
  const code = blockers.every((blocker) => blocker.code === "WRONG_STATE") ? "INVALID_STATE" : "BLOCKED";
  throw new AppError(code, blockers.map(({ message }) => message).join("; "), { blockers });
}
