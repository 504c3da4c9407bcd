/**
 * What a person types before something happens in an environment: its key, where it is controlled and the last of the
 * project's path (production); null elsewhere. `path` is in order of rank.
 */
export function typedName(
  path: readonly { key: string; kind: string }[],
  environment: string,
): string | null {
  const last = path.at(-1);
  return last?.key === environment && last.kind === "controlled" ? environment : null;
}
