/** Numbers that look drawn by lot and are the same every time. */
export type Chance = {
  /** 0 to 1, below 1 */
  part(): number;
  /** A whole number below `end`. */
  whole(end: number): number;
  /** Milliseconds of between so many minutes. */
  minutes(least: number, most: number): number;
  one<T extends readonly [unknown, ...unknown[]]>(values: T): T[number];
};

/** By the mulberry32 generator. */
export function chanceFrom(seed: number): Chance {
  let state = seed;
  const part = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (end: number) => Math.floor(part() * end);
  return {
    part,
    whole,
    minutes: (least, most) => Math.round((least + part() * (most - least)) * 60_000),
    one: (values) => values[whole(values.length)] ?? values[0],
  };
}

/** A UUID of version 7 as of a time (milliseconds): rows of the past stand where they would have been. */
export function idAt(time: number, chance: Chance): string {
  const hex = (length: number) => Array.from({ length }, () => chance.whole(16).toString(16)).join("");
  const stamp = Math.floor(time).toString(16).padStart(12, "0");
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
}
