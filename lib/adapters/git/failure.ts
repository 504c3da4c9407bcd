import { AdapterError, type AdapterFailure } from "#lib/errors.ts";

/** Git says what went wrong only in words; the first that fits counts. */
const SIGNS: readonly [RegExp, AdapterFailure][] = [
  [/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i, "forbidden"],
  [/error in libcrypto|invalid format|incorrect passphrase/i, "unauthorized"],
  [/transport '.*' not allowed|protocol .* is not supported/i, "invalid"],
  [
    /error: 401|Authentication failed|could not read (Username|Password)|Permission denied \(/i,
    "unauthorized",
  ],
  [/error: 403|access denied/i, "forbidden"],
  [/error: 429/i, "throttled"],
  [/error: 5\d\d/i, "broken"],
  // A redirect that is not followed.
  [/error: 30\d/i, "missing"],
  [/error: 404|repository .*not found|does not appear to be a git repository|does not exist/i, "missing"],
  [
    /could not resolve|refused|timed out|failed to connect|reset by peer|unreachable|hung up|early EOF|disconnect|couldn't connect/i,
    "unreachable",
  ],
];

/** The error for a git that ended with a failure; `stderr` is what it said. */
export function failureOf(stderr: string, what: string): AdapterError {
  const [sign, failure] = SIGNS.find(([known]) => known.test(stderr)) ?? [undefined, "broken" as const];
  const lines = stderr.split("\n").map((line) => line.trim());
  // What ssh says of itself stands before the words of git, which only knows that it could not read.
  const ofSsh = sign && failure !== "missing" ? lines.find((line) => sign.test(line)) : undefined;
  const said =
    ofSsh ?? lines.find((line) => /^(fatal|error|remote):/.test(line)) ?? lines.find((line) => line !== "");
  return new AdapterError(failure, `${what}: ${(said ?? "git failed without a word").slice(0, 300)}`);
}

export function gaveUp(what: string, cause?: unknown): AdapterError {
  return new AdapterError("unreachable", `${what}: no answer in time`, { cause });
}
