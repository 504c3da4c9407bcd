import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { cancelDeployment } from "./cancel.ts";
import { pauseDeployment } from "./pause.ts";
import { getDeployment } from "./queries.ts";
import { handleDeploymentJob } from "./reconcile.ts";
import type { DeploymentDto } from "./schema.ts";
import { startDeployment } from "./service.ts";
import { workUntilDone } from "./testing/run.ts";
import { makeWorld, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld({ clusters: 2 });
});
afterAll(() => world?.close());
const { signal } = new AbortController();
let count = 0;
let number: string;
beforeEach(async () => {
  count += 1;
  number = `R-${count}`;
  await db.environment.update({ where: { key: "FAT" }, data: { waveGate: "auto", observeSeconds: 0 } });
});

const gate = () => db.environment.update({ where: { key: "FAT" }, data: { waveGate: "person" } });
const observe = () => db.environment.update({ where: { key: "FAT" }, data: { observeSeconds: 60 } });
const running =
  (name: string) =>
  ({ targets }: DeploymentDto): boolean =>
    targets[0]?.steps.some((step) => step.name === name && step.state === "running") ?? false;

type Phase = {
  name: string;
  before?: () => Promise<unknown>;
  reached: (one: DeploymentDto) => boolean;
  also?: (id: string) => Promise<unknown>;
  /** Of the first wave; the second has not begun in any. */
  objects: "new" | "old";
  first: string;
};
const phases: Phase[] = [
  { name: "it waits for its turn", reached: () => true, objects: "old", first: "cancelled" },
  {
    name: "a workload comes up",
    reached: running("roll_out"),
    objects: "new",
    first: "cancelled",
  },
  {
    name: "it is watched",
    before: observe,
    reached: running("verify"),
    objects: "new",
    first: "cancelled",
  },
  {
    name: "a wave waits for a person",
    before: gate,
    reached: ({ waiting }) => waiting?.kind === "wave_gate",
    objects: "new",
    first: "succeeded",
  },
  {
    name: "it is paused",
    before: gate,
    reached: ({ waiting }) => waiting?.kind === "wave_gate",
    also: async (id) => pauseDeployment({ actor: await world.actor("ops"), id }),
    objects: "new",
    first: "succeeded",
  },
];

describe("cancelled while", () => {
  test.each(phases)("$name", async ({ before, reached, also, objects, first }) => {
    await before?.();
    const ops = await world.actor("ops");
    const release = await world.release(number);
    const { digest } = await computePlan({ actor: ops, release: number, environment: "FAT" });
    const { id } = await startDeployment({ actor: ops, planDigest: digest });
    for (let look = 0; look < 100; look += 1) {
      if (reached(await getDeployment(ops, id))) break;
      await handleDeploymentJob(id, signal);
      await sleep(50);
    }
    expect(reached(await getDeployment(ops, id))).toBe(true);
    await also?.(id);
    await cancelDeployment({ actor: ops, id });
    await workUntilDone(id);
    const done = await getDeployment(ops, id);
    const of = (cluster: string) =>
      new Set(done.cause?.objects?.filter((one) => one.cluster === cluster).map(({ state }) => state));
    expect([done.state, done.pausedAt, done.targets.map(({ state }) => state)]).toEqual([
      "cancelled",
      null,
      [first, "cancelled"],
    ]);
    expect([of("cluster-1"), of("cluster-2")]).toEqual([new Set([objects]), new Set(["old"])]);
    const open = ["waiting", "running"];
    expect(done.targets.flatMap(({ steps }) => steps).filter(({ state }) => open.includes(state))).toEqual(
      [],
    );
    expect(await db.targetLock.count()).toBe(0);
    const { state } = await db.stage.findFirstOrThrow({
      where: { releaseId: release.id, environmentId: world.fat.id },
    });
    expect(state).toBe(objects === "new" ? "failed" : "entered");
    // Asked again it is what it was; a worker that comes late finds nothing to do.
    await expect(cancelDeployment({ actor: ops, id })).rejects.toMatchObject({
      blockers: [{ code: "WRONG_STATE" }],
    });
    expect(await handleDeploymentJob(id, signal)).toBeNull();
  });
});
