import { type SmokeCheck, smokeCheckSchema } from "#lib/strategies/schema.ts";

export const MAX_CHECKS = 20;

/** A check as it begins when its kind is chosen; the name stays. Pure. */
export function freshCheck(kind: SmokeCheck["kind"], name = ""): SmokeCheck {
  if (kind === "http") return { kind, name, path: "/healthz", expectStatus: 200, timeoutSeconds: 30 };
  if (kind === "job") return { kind, name, command: [], timeoutSeconds: 300 };
  return { kind, name, query: "", comparison: "<", threshold: 0, timeoutSeconds: 30 };
}

export type CheckFault = "name" | "twice" | "path" | "status" | "command" | "query" | "threshold" | "timeout";
const FAULTS: Readonly<Record<string, CheckFault>> = {
  name: "name",
  path: "path",
  expectStatus: "status",
  command: "command",
  query: "query",
  threshold: "threshold",
  timeoutSeconds: "timeout",
};

/** What is wrong with each check as typed, in their order; null where nothing is. Pure. */
export function faultsOf(checks: readonly SmokeCheck[]): (CheckFault | null)[] {
  return checks.map((check, index) => {
    const parsed = smokeCheckSchema.safeParse(check);
    if (!parsed.success) return FAULTS[String(parsed.error.issues[0]?.path[0])] ?? "name";
    const twice = checks.slice(0, index).some(({ name }) => name.trim() === check.name.trim());
    return twice ? "twice" : null;
  });
}

/** A command as it is typed, one argument a line. Pure. */
export const commandOf = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");
