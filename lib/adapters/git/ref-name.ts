import { AdapterError } from "#lib/errors.ts";

// Control characters, space, and what git gives a meaning of its own.
const FORBIDDEN = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)/u;
const COMMIT = /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/i;

/**
 * Throws AdapterError `invalid` unless `ref` is a name that git accepts for a branch or tag (`git check-ref-format`)
 * or a commit id. What passes is neither an option nor a revision expression.
 */
export function assertRefName(ref: string): void {
  const bad =
    ref === "" ||
    ref === "@" ||
    ref.length > 255 ||
    FORBIDDEN.test(ref) ||
    /^[-/.]/.test(ref) ||
    /[/.]$/.test(ref);
  if (bad) throw new AdapterError("invalid", `not a branch, tag or commit: ${JSON.stringify(ref)}`);
}

/** Whether the text may be a commit id, whole or at least seven digits of one. */
export function maybeCommit(ref: string): boolean {
  return COMMIT.test(ref);
}
