import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decidePlan } from "#lib/approvals/service.ts";
import { db } from "#lib/db.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { computePlan } from "#lib/plans/service.ts";
import { verdict } from "#lib/stages/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getDeployment } from "./queries.ts";
import { rollbackDeployment } from "./rollback.ts";
import { startDeployment } from "./service.ts";
import { workUntilDone } from "./testing/run.ts";
import { makeWorld, type World } from "./testing/world.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world?.close());

const stageOf = async (releaseId: string, environmentId: string) =>
  (await db.stage.findUniqueOrThrow({ where: { releaseId_environmentId: { releaseId, environmentId } } }))
    .state;

describe("a release order on its way", () => {
  test("is planned, deployed and verified; then a bad one fails with its cause and is rolled back", async () => {
    const ops = await world.actor("ops");
    const first = await world.release("R-1");
    const plan = await computePlan({ actor: await world.actor("dev"), release: "R-1", environment: "FAT" });
    expect(plan.blockers).toEqual([]);
    expect(plan.targets[0]?.objects.map(({ kind, change }) => `${kind} ${change}`)).toEqual([
      "ConfigMap create",
      "Secret create",
      "Service create",
      "Deployment create",
    ]);
    expect(JSON.stringify(plan)).not.toContain("hunter2");
    expect(plan.actions.deploy.blockers.map(({ code }) => code)).toEqual(["ROLE_MISSING"]);

    const { id } = await startDeployment({ actor: ops, planDigest: plan.digest });
    expect(await stageOf(first.id, world.fat.id)).toBe("deploying");
    await workUntilDone(id);
    const done = await getDeployment(ops, id);
    expect(done.cause).toBeNull();
    expect(done.state).toBe("succeeded");
    expect(done.targets[0]?.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "dry_run succeeded",
      "apply succeeded",
      "roll_out succeeded",
      "verify succeeded",
    ]);
    expect(await stageOf(first.id, world.fat.id)).toBe("testing");
    const secret = await world
      .cluster()
      .get({ apiVersion: "v1", kind: "Secret", name: "api-secrets", namespace: "shop-fat" });
    expect(Buffer.from(String(Object(secret?.data).DB_PASSWORD), "base64").toString()).toBe("hunter2-secret");

    const again = await computePlan({ actor: ops, release: "R-1", environment: "FAT" });
    expect(again.digest).toBe(plan.digest);
    expect(again.targets[0]?.objects.map(({ change }) => change)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
      "unchanged",
    ]);

    const second = await world.release("R-2", { crashes: true });
    const bad = await computePlan({ actor: ops, release: "R-2", environment: "FAT" });
    const image = bad.targets[0]?.objects
      .flatMap(({ diff }) => diff)
      .filter(({ source }) => source === "artifact");
    expect(image?.map(({ kind }) => kind).sort()).toEqual(["added", "removed"]);
    const started = await startDeployment({ actor: ops, planDigest: bad.digest });
    await workUntilDone(started.id);
    const failed = await getDeployment(ops, started.id);
    expect(failed.state).toBe("failed");
    expect(failed.cause?.code).toBe("CRASH");
    expect(failed.cause?.evidence.map(({ text }) => text).join("\n")).toContain("cannot reach the ledger");
    expect(await stageOf(second.id, world.fat.id)).toBe("failed");

    const back = await rollbackDeployment({ actor: ops, id: started.id });
    expect(back.kind).toBe("rollback");
    expect(back.release).toBe("R-1");
    const rollback = await startDeployment({ actor: ops, planDigest: back.digest });
    expect((await getDeployment(ops, started.id)).state).toBe("rolling_back");
    await workUntilDone(rollback.id);
    expect((await getDeployment(ops, rollback.id)).state).toBe("succeeded");
    expect((await getDeployment(ops, started.id)).state).toBe("rolled_back");
    expect(await stageOf(second.id, world.fat.id)).toBe("rolled_back");
    expect(await stageOf(first.id, world.fat.id)).toBe("testing");
    expect(await db.targetLock.count()).toBe(0);
    const texts =
      JSON.stringify(await db.event.findMany()) +
      JSON.stringify(await db.auditEntry.findMany({ select: { data: true } }));
    expect(texts).not.toContain("hunter2");
  });

  test("needs another person's approval in a controlled environment, and a current plan", async () => {
    const [ops, ops2, dev] = [await world.actor("ops"), await world.actor("ops2"), await world.actor("dev")];
    await world.release("R-3", { environment: "PROD" });
    const plan = await computePlan({ actor: dev, release: "R-3", environment: "PROD" });
    await expect(startDeployment({ actor: ops, planDigest: plan.digest })).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "APPROVALS_MISSING" }],
    });
    await expect(
      decidePlan({ actor: dev, digest: plan.digest, decision: "approve", comment: "" }),
    ).rejects.toMatchObject({
      code: "FORBIDDEN",
      blockers: [{ code: "ROLE_MISSING" }, { code: "OWN_RELEASE" }],
    });
    await decidePlan({ actor: ops, digest: plan.digest, decision: "approve", comment: "fine" });
    await expect(startDeployment({ actor: ops, planDigest: plan.digest })).rejects.toMatchObject({
      blockers: [{ code: "APPROVALS_MISSING" }],
    });
    await db.component.update({ where: { id: world.component.id }, data: { port: 9090 } });
    await expect(startDeployment({ actor: ops2, planDigest: plan.digest })).rejects.toMatchObject({
      code: "PLAN_STALE",
      facts: { changedSince: [{ part: "component", subject: "api" }] },
    });
    await db.component.update({ where: { id: world.component.id }, data: { port: 8080 } });
    const { id } = await startDeployment({ actor: ops2, planDigest: plan.digest });
    await expect(startDeployment({ actor: ops2, planDigest: plan.digest })).rejects.toMatchObject({
      code: "BLOCKED",
    });
    await workUntilDone(id);
    expect((await getDeployment(ops2, id)).state).toBe("succeeded");

    await verdict({
      actor: await world.actor("tester"),
      release: "R-3",
      environment: "PROD",
      verdict: "pass",
      comment: "",
    });
    for (const decision of ["approve", "reject"] as const) {
      await expect(
        decidePlan({ actor: ops, digest: plan.digest, decision, comment: "late" }),
      ).rejects.toMatchObject({ code: "BLOCKED", blockers: [{ code: "STAGE_NOT_DEPLOYABLE" }] });
    }
    const over = await getPlan(ops, plan.digest);
    expect(over.actions).toMatchObject({ approve: { allowed: false }, reject: { allowed: false } });
    expect(await db.approval.count({ where: { comment: "late" } })).toBe(0);
  });
});
