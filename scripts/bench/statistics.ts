/** The value below which `share` (0 to 1) of the values lie, between neighbours in proportion. Throws for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) throw new Error("no values");
  return low + (high - low) * (place - Math.floor(place));
}

/** One round: the product twice and the bare client twice, in turn, each as a number of `unit`. */
export type Round = { product: [number, number]; baseline: [number, number] };

/** A line of the bench's answer. `null_*`: the product against itself, how far the ratios are noise. */
export type Result = {
  name: string;
  unit: string;
  pairs: number;
  ratio_p50: number;
  ratio_p95: number;
  null_p50: number;
  null_p95: number;
  product_p50: number;
  product_p95: number;
  baseline_p50: number;
  baseline_p95: number;
  note: string;
};

const rounded = (value: number): number => Number(value.toPrecision(4));

/** What rounds come to: each run of the product over the run of the bare client right after it. Pure. */
export function summarize(name: string, unit: string, note: string, rounds: readonly Round[]): Result {
  const pairs = rounds.flatMap(({ product, baseline }) =>
    product.map((value, index) => ({ product: value, baseline: baseline[index === 0 ? 0 : 1] })),
  );
  const ratios = pairs.map((pair) => pair.product / pair.baseline);
  const nulls = rounds.map(({ product: [first, second] }) => first / second);
  const arm = (of: "product" | "baseline", share: number) =>
    rounded(
      percentile(
        pairs.map((pair) => pair[of]),
        share,
      ),
    );
  return {
    name,
    unit,
    pairs: pairs.length,
    ratio_p50: rounded(percentile(ratios, 0.5)),
    ratio_p95: rounded(percentile(ratios, 0.95)),
    null_p50: rounded(percentile(nulls, 0.5)),
    null_p95: rounded(percentile(nulls, 0.95)),
    product_p50: arm("product", 0.5),
    product_p95: arm("product", 0.95),
    baseline_p50: arm("baseline", 0.5),
    baseline_p95: arm("baseline", 0.95),
    note,
  };
}

/** Runs rounds one after another, product and bare client in turn, so that what slows the machine slows both. */
export async function interleave(
  rounds: number,
  product: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Round[]> {
  const done: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [a1, b1, a2, b2] = [await product(), await baseline(), await product(), await baseline()];
    done.push({ product: [a1, a2], baseline: [b1, b2] });
  }
  return done;
}
