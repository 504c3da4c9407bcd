/**
 * Does `work` for every item, several at a time, and keeps the order of the results. After the first that gives up
 * nothing new is begun; what is under way ends first.
 * @param gaveUp whether a result ends it
 * @returns results of what was begun, in order
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
  gaveUp: (result: Result) => boolean,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const queue = items.entries();
  let stopped = false;
  const worker = async () => {
    for (const [index, item] of queue) {
      if (stopped) return;
      try {
        const result = await work(item);
        results.set(index, result);
        if (gaveUp(result)) stopped = true;
      } catch (error) {
        stopped = true;
        throw error;
      }
      if (stopped) return;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
