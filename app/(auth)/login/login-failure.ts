export type LoginFailure = {
  kind: "wrong" | "throttled" | "disabled" | "unreachable" | "empty";
  /** How long a lock lasts, where the server says so. */
  minutes?: number;
};

/** The sign-in error code in our words. `THROTTLED` may carry its minutes: `THROTTLED:7`. Unknown codes tell nothing more than "wrong". */
export function loginFailure(code: string): LoginFailure {
  const [name, detail] = code.split(":");
  if (name === "THROTTLED") {
    const minutes = Number(detail);
    return { kind: "throttled", ...(Number.isInteger(minutes) && minutes > 0 ? { minutes } : {}) };
  }
  if (name === "DISABLED") return { kind: "disabled" };
  return { kind: "wrong" };
}
