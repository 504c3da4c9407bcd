import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { cancelDeployment } from "./cancel.ts";
import { continueDeployment, pauseDeployment } from "./pause.ts";
import { getDeployment } from "./queries.ts";
import { handleDeploymentJob } from "./reconcile.ts";
import { retryDeployment } from "./retry.ts";
import { startDeployment } from "./service.ts";
import { skipTarget } from "./skip.ts";
import { workUntilDone } from "./testing/run.ts";
import { makeWorld, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld({ clusters: 3 });
});
afterAll(() => world?.close());

const { signal } = new AbortController();

test("who paused, let go on, skipped with which reason, retried and cancelled is told to every reader", async () => {
  const ops = await world.actor("ops");
  const ops2 = await world.actor("ops2");
  await db.environment.update({
    where: { key: "FAT" },
    data: { waveGate: "person", maxFailedTargets: 0 },
  });
  await world.release("R-1");
  const { digest } = await computePlan({ actor: ops, release: "R-1", environment: "FAT" });
  const { id } = await startDeployment({ actor: ops, planDigest: digest });
  await pauseDeployment({ actor: ops2, id });
  await continueDeployment({ actor: ops, id });
  // The first target fails, because nobody has given the portal a way to its cluster.
  const { credentialEncrypted } = await db.cluster.findUniqueOrThrow({ where: { key: "cluster-1" } });
  await db.cluster.update({ where: { key: "cluster-1" }, data: { credentialEncrypted: null } });
  await workUntilDone(id);
  await retryDeployment({ actor: ops, id });
  await workUntilDone(id);
  const failed = await getDeployment(ops, id);
  const reason = "cluster-1 is being replaced";
  await skipTarget({ actor: ops2, id, target: failed.targets[0]?.id ?? "", reason });
  await db.cluster.update({ where: { key: "cluster-1" }, data: { credentialEncrypted } });
  for (let look = 0; look < 200; look += 1) {
    if ((await getDeployment(ops, id)).waiting?.kind === "wave_gate") break;
    await handleDeploymentJob(id, signal);
    await sleep(50);
  }
  await continueDeployment({ actor: ops, id, wave: 2 });
  await cancelDeployment({ actor: ops2, id });
  await workUntilDone(id);

  const { acts } = await getDeployment(await world.actor("tester"), id);
  const place = { cluster: "cluster-1", namespace: "shop-fat" };
  expect(acts.map(({ at: _, by, ...act }) => ({ ...act, by: by.displayName }))).toEqual(
    [
      { act: "pause", by: "OPS2" },
      { act: "continue", by: "OPS" },
      { act: "retry", by: "OPS" },
      { act: "skip", by: "OPS2", ...place, reason },
      { act: "continue", by: "OPS", wave: 2 },
      { act: "cancel", by: "OPS2" },
    ].map((act) => ({ cluster: null, namespace: null, wave: null, reason: null, ...act })),
  );
  const times = acts.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
});
