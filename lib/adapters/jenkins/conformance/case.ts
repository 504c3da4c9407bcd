import type { Need } from "./target.ts";
import type { World } from "./world.ts";

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
