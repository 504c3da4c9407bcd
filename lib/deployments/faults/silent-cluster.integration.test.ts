import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { changesByObject } from "#sandbox/faults/changes.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getDeployment } from "../queries.ts";
import { handleDeploymentJob } from "../reconcile.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import { makeProxiedPlaces } from "./testing/place.ts";

// One of three clusters is away while they are deployed to together: the others are not slowed down, and nobody says
// that the one which is away is well.

await testDatabase();
let engine: Engine;
let places: ReturnType<typeof makeProxiedPlaces>;
beforeAll(async () => {
  engine = await makeEngine();
  places = makeProxiedPlaces(engine);
});
afterAll(async () => {
  await places?.close();
  await engine?.close();
});
type Planned = Awaited<ReturnType<ReturnType<typeof makeProxiedPlaces>["planned"]>>;

const states = async (id: string, { place, clusters }: Planned) => {
  const { state, targets } = await getDeployment(await place.actor(), id);
  const of = (cluster?: string) => targets.find((target) => target.cluster === cluster);
  return {
    state,
    targets: clusters.map((cluster) => of(cluster)?.state),
    cause: of(clusters[1])?.cause ?? null,
  };
};
const { signal } = new AbortController();
/** A minute of silence later. */
async function later(id: string): Promise<void> {
  const rows = await db.deploymentTarget.findMany({ where: { deploymentId: id } });
  for (const row of rows) {
    if (row.cause === null || typeof row.cause !== "object") continue;
    const cause = { ...row.cause, since: new Date(Date.now() - 120_000).toISOString() };
    await db.deploymentTarget.update({ where: { id: row.id }, data: { cause } });
  }
}
const once = ({ proxies }: Planned) =>
  proxies.flatMap(({ requests }) => Object.values(changesByObject(requests))).every((count) => count === 1);

test("the plan shows the other targets and says which cluster cannot be asked", async () => {
  const planned = await places.planned({ clusters: 3 });
  planned.proxies[1]?.rule(() => ({ lose: "request" }));
  const { blockers, targets } = await planned.place.plan(planned.number);
  expect(blockers.map(({ code, facts }) => [code, facts.cluster])).toEqual([
    ["CLUSTER_UNREACHABLE", planned.clusters[1]],
  ]);
  const shown = planned.clusters.map((cluster) => {
    const target = targets.find((one) => one.cluster === cluster);
    return [target?.reachable, (target?.objects.length ?? 0) > 0];
  });
  expect(shown).toEqual([
    [true, true],
    [false, false],
    [true, true],
  ]);
});

test("the others end while it keeps silent; it is unknown, and goes on when it answers", async () => {
  const planned = await places.planned({ clusters: 3 });
  const id = await planned.start();
  planned.proxies[1]?.rule(({ method }) => (method === "PATCH" ? { silent: true } : null));
  let over = false;
  const look = handleDeploymentJob(id, signal).finally(() => {
    over = true;
  });
  const wanted = ["succeeded", "applying", "succeeded"];
  await expect.poll(async () => (await states(id, planned)).targets, { timeout: 60_000 }).toEqual(wanted);
  expect(over, "the silent one is still waited for").toBe(false);
  await look;
  expect(await states(id, planned)).toMatchObject({
    state: "applying",
    targets: wanted,
    cause: { code: "CLUSTER_UNREACHABLE" },
  });
  planned.proxies[1]?.rule(() => ({ lose: "request" }));
  await later(id);
  await handleDeploymentJob(id, signal);
  expect(await states(id, planned)).toMatchObject({
    state: "unknown",
    targets: ["succeeded", "unknown", "succeeded"],
  });
  planned.proxies[1]?.rule(null);
  expect((await planned.place.finish(id)).state).toBe("succeeded");
  expect(await states(id, planned)).toMatchObject({
    targets: ["succeeded", "succeeded", "succeeded"],
    cause: null,
  });
  expect(once(planned)).toBe(true);
}, 120_000);

test("one that comes back and refuses fails; the others keep what they have", async () => {
  const planned = await places.planned({ clusters: 3 });
  const id = await planned.start();
  planned.proxies[1]?.rule(() => ({ lose: "request" }));
  await handleDeploymentJob(id, signal);
  await later(id);
  await handleDeploymentJob(id, signal);
  expect((await states(id, planned)).state).toBe("unknown");
  const refused = { kind: "Status", message: "Unauthorized", reason: "Unauthorized", code: 401 };
  planned.proxies[1]?.rule(() => ({ answer: { status: 401, body: JSON.stringify(refused) } }));
  expect((await planned.place.finish(id)).state).toBe("failed");
  expect(await states(id, planned)).toMatchObject({
    targets: ["succeeded", "failed", "succeeded"],
    cause: { code: "CLUSTER_FORBIDDEN" },
  });
  expect(once(planned)).toBe(true);
}, 120_000);
