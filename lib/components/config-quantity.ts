const SUFFIX: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/**
 * A Kubernetes quantity as a number of base units (cores, bytes): `250m` is 0.25, `1Ki` is 1024. Pure.
 * Null when it is no quantity that people write: no sign, no exponent, nothing below a thousandth.
 */
export function parseQuantity(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,3})?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.exec(text);
  const [, digits, suffix = ""] = match ?? [];
  const factor = SUFFIX[suffix];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}

export type Resources = { cpuRequest: string; cpuLimit: string; memoryRequest: string; memoryLimit: string };

/** What is wrong with a component's resources; everything at once, empty when nothing is. Pure. */
export function resourceProblems(resources: Resources): { field: keyof Resources; message: string }[] {
  const fields = ["cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"] as const;
  const values = new Map(fields.map((field) => [field, parseQuantity(resources[field])]));
  const problems = fields.flatMap((field) => {
    const value = values.get(field);
    return value === null || value === undefined || value <= 0
      ? [{ field, message: `${resources[field]} is not a quantity such as 250m or 256Mi` }]
      : [];
  });
  for (const [request, limit] of [
    ["cpuRequest", "cpuLimit"],
    ["memoryRequest", "memoryLimit"],
  ] as const) {
    const [low, high] = [values.get(request), values.get(limit)];
    if (low && high && low > high)
      problems.push({
        field: request,
        message: `${resources[request]} is more than the limit ${resources[limit]}`,
      });
  }
  for (const field of ["memoryRequest", "memoryLimit"] as const) {
    // `256m` of memory is a quarter of a byte: always a slip for `256Mi`.
    if (/\dm$/.test(resources[field]))
      problems.push({ field, message: `${resources[field]} is less than a byte` });
  }
  return problems;
}
