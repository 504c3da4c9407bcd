import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { decidePlan } from "#lib/approvals/service.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { createFreeze } from "#lib/freezes/service.ts";
import { computePlan } from "#lib/plans/service.ts";
import { changes } from "#sandbox/faults/changes.ts";
import { type FaultProxy, startFaultProxy } from "#sandbox/faults/proxy.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getDeployment } from "../queries.ts";
import { handleDeploymentJob } from "../reconcile.ts";
import { rollbackDeployment } from "../rollback.ts";
import { startDeployment } from "../service.ts";
import { workUntilDone } from "../testing/run.ts";
import { makeWorld, type World } from "../testing/world.ts";

// What changes between the click and the turn of a deployment, and who clicks at the same time.

await testDatabase();
let world: World;
let proxy: FaultProxy;
beforeAll(async () => {
  world = await makeWorld();
  proxy = await startFaultProxy(world.kubernetes[0]?.kubeconfig ?? "");
  const { id } = await db.cluster.findUniqueOrThrow({ where: { key: "cluster-1" } });
  const credentialEncrypted = encryptSecret(proxy.kubeconfig, secretContext.cluster(id));
  await db.cluster.update({ where: { id }, data: { credentialEncrypted } });
});
afterAll(async () => {
  await proxy?.close();
  await world?.close();
});
let count = 0;
let number: string;
beforeEach(() => {
  count += 1;
  number = `R-${count}`;
});
const { signal } = new AbortController();

/** A release order in PROD with a plan that ops2 has approved. */
async function approved() {
  const release = await world.release(number, { environment: "PROD" });
  const { digest } = await computePlan({
    actor: await world.actor("dev"),
    release: number,
    environment: "PROD",
  });
  await decidePlan({ actor: await world.actor("ops2"), digest, decision: "approve", comment: "fine" });
  return { digest, release };
}
const members = (userId: string) => db.membership.deleteMany({ where: { userId } });
const rejoin = (userId: string) =>
  db.membership.create({ data: { projectId: world.projectId, userId, role: "ops" } });
const registryUrl = (url: string) => db.registry.updateMany({ data: { url } });

type Disturbance = {
  code: string;
  disturb: (planned: Awaited<ReturnType<typeof approved>>) => Promise<unknown>;
  restore?: () => Promise<unknown>;
};
const DISTURBANCES: Record<string, Disturbance> = {
  "the deployer's role is taken away": {
    code: "ROLE_MISSING",
    disturb: () => members(world.people.ops),
    restore: () => rejoin(world.people.ops),
  },
  "the deployer's account is disabled": {
    code: "ROLE_MISSING",
    disturb: () => db.user.update({ where: { id: world.people.ops }, data: { disabledAt: new Date() } }),
    restore: () => db.user.update({ where: { id: world.people.ops }, data: { disabledAt: null } }),
  },
  "the approver rejects after all": {
    code: "PLAN_REJECTED",
    disturb: async ({ digest }) =>
      decidePlan({ actor: await world.actor("ops2"), digest, decision: "reject", comment: "wait" }),
  },
  "the approver may no longer approve": {
    code: "APPROVALS_MISSING",
    disturb: () => members(world.people.ops2),
    restore: () => rejoin(world.people.ops2),
  },
  "the approval expires": {
    code: "APPROVALS_MISSING",
    disturb: () => db.approval.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } }),
  },
  "what was approved is changed": {
    code: "PLAN_STALE",
    disturb: () => db.component.update({ where: { id: world.component.id }, data: { port: 9090 } }),
    restore: () => db.component.update({ where: { id: world.component.id }, data: { port: 8080 } }),
  },
  "a freeze begins": {
    code: "FROZEN",
    disturb: async () =>
      createFreeze({
        actor: await world.actor("ops"),
        project: "shop",
        environment: "PROD",
        reason: "year end",
        startsAt: new Date(Date.now() - 1000).toISOString(),
        endsAt: new Date(Date.now() + 60_000).toISOString(),
      }),
    restore: () => db.freezeWindow.deleteMany(),
  },
  "the image is deleted": {
    code: "IMAGE_MISSING",
    disturb: async ({ release }) => {
      const address = `${world.registry.url}/v2/shop/api/manifests/${release.digest}`;
      expect((await fetch(address, { method: "DELETE" })).status).toBe(202);
    },
  },
  "the registry goes away": {
    code: "REGISTRY_UNREACHABLE",
    disturb: () => registryUrl("http://127.0.0.1:1"),
    restore: () => registryUrl(world.registry.url),
  },
};

describe("between the click and the turn", () => {
  test.each(Object.entries(DISTURBANCES))(
    "%s: nothing is touched",
    async (_name, { code, disturb, restore }) => {
      const planned = await approved();
      const ops = await world.actor("ops");
      const { id, state } = await startDeployment({ actor: ops, planDigest: planned.digest });
      expect(state).toBe("queued");
      await disturb(planned);
      proxy.requests.length = 0;
      const again = await handleDeploymentJob(id, signal);
      await restore?.();
      const done = await getDeployment(ops, id);
      expect([again, done.state, done.cause?.code]).toEqual([null, "failed", code]);
      // The dry run may have been asked for: that changes nothing.
      expect(changes(proxy.requests)).toEqual([]);
      expect(await db.targetLock.count()).toBe(0);
    },
  );

  test("nothing of that: it goes through; and a rollback does not wait for a registry that is away", async () => {
    const ops = await world.actor("ops");
    const deploy = async () => {
      const { digest } = await approved();
      const { id } = await startDeployment({ actor: ops, planDigest: digest });
      await workUntilDone(id);
      expect((await getDeployment(ops, id)).state).toBe("succeeded");
      return id;
    };
    await deploy();
    expect(changes(proxy.requests).length).toBeGreaterThan(0);
    number = `${number}-next`;
    const second = await deploy();
    const back = await rollbackDeployment({ actor: ops, id: second });
    await decidePlan({
      actor: await world.actor("ops2"),
      digest: back.digest,
      decision: "approve",
      comment: "back",
    });
    const { id } = await startDeployment({ actor: ops, planDigest: back.digest });
    await registryUrl("http://127.0.0.1:1");
    await handleDeploymentJob(id, signal);
    await registryUrl(world.registry.url);
    await workUntilDone(id);
    expect((await getDeployment(ops, id)).state).toBe("succeeded");
  });
});

describe("two operators at once", () => {
  const REQUESTS = 20;
  /** Half of the requests by each of two people; answers what became of them. */
  async function race(digests: readonly [string, string]) {
    const [ops, ops2] = [await world.actor("ops"), await world.actor("ops2")];
    const outcomes = await Promise.allSettled(
      Array.from({ length: REQUESTS }, (_, n) =>
        startDeployment({ actor: n % 2 === 0 ? ops : ops2, planDigest: digests[n % 2 === 0 ? 0 : 1] }),
      ),
    );
    const started = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" && outcome.reason instanceof AppError ? [outcome.reason] : [],
    );
    expect(started).toHaveLength(1);
    expect(refused).toHaveLength(REQUESTS - 1);
    const [{ id = "", createdBy = null } = {}] = started;
    expect(await db.targetLock.findMany({ select: { deploymentId: true } })).toEqual([{ deploymentId: id }]);
    await workUntilDone(id);
    expect((await getDeployment(ops, id)).state).toBe("succeeded");
    return { id, winner: createdBy?.displayName, refused };
  }
  const planned = async (release: string) => {
    await world.release(release);
    return (await computePlan({ actor: await world.actor("ops"), release, environment: "FAT" })).digest;
  };

  test("with two release orders: exactly one gets the target, the others are told who has it", async () => {
    const { id, winner, refused } = await race([await planned(number), await planned(`${number}-other`)]);
    expect(new Set(refused.map(({ code }) => code))).toContain("TARGET_BUSY");
    for (const { code, blockers } of refused) {
      // A second click on the winner's own plan also meets its stage, which is deploying by then.
      expect(["TARGET_BUSY", "BLOCKED"]).toContain(code);
      if (code === "TARGET_BUSY")
        expect(blockers[0]).toMatchObject({ facts: { deployment: id, person: winner } });
    }
  });

  test("with the same plan: exactly one deployment comes of it", async () => {
    const digest = await planned(number);
    const { id, winner, refused } = await race([digest, digest]);
    expect(await db.deployment.count({ where: { plan: { digest } } })).toBe(1);
    for (const { code, blockers } of refused) {
      expect(["TARGET_BUSY", "BLOCKED"]).toContain(code);
      if (code === "TARGET_BUSY")
        expect(blockers[0]).toMatchObject({ facts: { deployment: id, person: winner } });
    }
  });
});
