import { ProblemError } from "./client.ts";
import type { Problem } from "./problem.ts";

/** What a failed call says, for `ProblemAlert`; null without an error. Anything that is no problem is a bug here: INTERNAL. */
export function problemOf(error: unknown): Problem | null {
  if (error === null || error === undefined) return null;
  if (error instanceof ProblemError) return error.problem;
  return {
    type: "about:blank",
    title: "INTERNAL",
    status: 0,
    code: "INTERNAL",
    detail: error instanceof Error ? error.message : String(error),
    requestId: "",
  };
}
