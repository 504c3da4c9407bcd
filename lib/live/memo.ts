/** What was worked out for an object, for as long as everything that it was worked out from is the same. */
export type Memo<Result> = Map<string, { from: readonly unknown[]; result: Result }>;

/** The known result for a key, or a new one when any of the things in `from` is not the one that it was. */
export function remember<Result>(
  memo: Memo<Result>,
  key: string,
  from: readonly unknown[],
  make: () => Result,
): Result {
  const known = memo.get(key);
  if (known && known.from.length === from.length && known.from.every((one, index) => one === from[index]))
    return known.result;
  const result = make();
  memo.set(key, { from, result });
  return result;
}
