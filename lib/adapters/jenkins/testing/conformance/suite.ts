import { afterAll, describe, expect, test } from "vitest";
import { builds } from "./builds.ts";
import type { Theme } from "./case.ts";
import { entrance } from "./entrance.ts";
import { executors } from "./executors.ts";
import { faults } from "./faults.ts";
import { found } from "./found.ts";
import { job } from "./job.ts";
import { leaving } from "./leaving.ts";
import { logs } from "./logs.ts";
import { queue } from "./queue.ts";
import { restart } from "./restart.ts";
import { stages } from "./stages.ts";
import { LACKING } from "./target.ts";
import type { World } from "./world.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Why a case is left out; read from the report. */
    reason?: string;
  }
}

const THEMES: readonly Theme[] = [
  entrance,
  job,
  queue,
  executors,
  leaving,
  builds,
  found,
  stages,
  logs,
  faults,
  restart,
];

/**
 * What every server behind the `BuildServer` port must do, as cases that name the rows of the recorded table which they
 * hold it to. A case that cannot be asked of this server is left out
 * with a word why.
 * @param rows every row of the table; each must have a case
 */
export function buildServerConformance(world: World, rows: readonly string[]): void {
  afterAll(() => world.close());
  const cases = THEMES.flatMap((theme) => theme.cases);

  test("every row of the recorded table has a case, and there are fifty at least", () => {
    const covered = new Set(cases.flatMap((one) => one.rows));
    expect(rows.filter((row) => !covered.has(row))).toEqual([]);
    expect([...covered].filter((row) => !rows.includes(row))).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(50);
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
  });

  for (const theme of THEMES) {
    describe(theme.name, () => {
      for (const { title, rows: own, needs = [], run } of theme.cases) {
        const name = `${own.join(", ")}: ${title}`;
        const missing = needs.find((need) => world.lacks(need));
        if (missing === undefined) test(name, () => run(world));
        else {
          const reason = LACKING[missing];
          console.log(`left out: ${name}\n  ${reason}`);
          test(name, { meta: { reason } }, (context) => context.skip(reason));
        }
      }
    });
  }
}
