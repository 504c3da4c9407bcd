import type { Need } from "./target.ts";
import type { JobName, World } from "./world.ts";

/** One case of the suite. */
export interface ConformanceCase {
  /** Rows of the recorded table that it holds the server to. */
  rows: readonly string[];
  title: string;
  needs?: readonly Need[];
  run(world: World): Promise<void>;
}

/** Cases about one matter. */
export interface Theme {
  name: string;
  cases: readonly ConformanceCase[];
}

export type Kind = Extract<JobName, "freestyle" | "pipeline">;

/** A case for each kind of job, with the rows that tell of it. */
export function each(
  rows: Record<Kind, readonly string[]>,
  title: string,
  run: (world: World, job: Kind) => Promise<void>,
): ConformanceCase[] {
  return [
    { rows: rows.freestyle, title: `freestyle: ${title}`, run: (world) => run(world, "freestyle") },
    {
      rows: rows.pipeline,
      title: `Pipeline: ${title}`,
      needs: ["pipeline"],
      run: (world) => run(world, "pipeline"),
    },
  ];
}
