import { expect, test } from "@playwright/test";
import { api, until } from "../support/api.ts";
import { freeEnvironments } from "../support/free.ts";

// The main job through the API alone, by seven people's tokens, against the running portal and its servers.

type Release = {
  number: string;
  state: string;
  items: {
    component: string;
    commit: string | null;
    build: { id: string; state: string } | null;
    artifact: { image: string; digest: string } | null;
  }[];
  stages: { environment: string; state: string }[];
};
type Plan = {
  digest: string;
  blockers: { code: string }[];
  targets: { objects: { kind: string; change: string }[] }[];
};
type Deployment = {
  id: string;
  state: string;
  cause: { code: string; message: string } | null;
  targets: { cluster: string; state: string; steps: { name: string; state: string }[] }[];
};

async function release(items: { component: string; ref: string }[], title: string): Promise<Release> {
  const created = await api<Release>("dev", "POST", "/releases", {
    project: "quotes",
    title,
    description: title,
    items,
  });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  const started = await api("dev", "POST", `/releases/${created.body.number}/build`);
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  return until(
    "the build",
    () => api<Release>("dev", "GET", `/releases/${created.body.number}`),
    ({ state }) => state === "built" || state === "build_failed",
    180,
  );
}
const enter = (number: string, environment: string) =>
  api<{ state: string; queued: boolean }>(
    "tester",
    "POST",
    `/releases/${number}/stages/${environment}/enter`,
  );
const planOf = async (who: string, number: string, environment: string): Promise<Plan> => {
  const { status, body } = await api<Plan>(who, "POST", `/releases/${number}/stages/${environment}/plan`);
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
};
async function deploy(who: string, planDigest: string): Promise<Deployment> {
  const started = await api<Deployment>(who, "POST", "/deployments", { planDigest });
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  return until(
    "the deployment",
    () => api<Deployment>(who, "GET", `/deployments/${started.body.id}`),
    ({ state }) => ["succeeded", "failed", "cancelled", "rolled_back"].includes(state),
    180,
  );
}
const pass = (number: string, environment: string) =>
  api("tester", "POST", `/releases/${number}/stages/${environment}/verdict`, {
    verdict: "pass",
    comment: "回归通过",
  });

test.beforeAll(() => freeEnvironments("quotes"));

test("a release order goes from the API to running pods in three environments, and a bad one is rolled back", async () => {
  const good = await release(
    [
      { component: "quote-api", ref: "v1.1.0" },
      { component: "portal-web", ref: "v1.1.0" },
    ],
    "接口走查",
  );
  expect(good.state, JSON.stringify(good)).toBe("built");
  for (const item of good.items) {
    expect(item.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(item.artifact?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(item.artifact?.image).toContain(`:${good.number}`);
  }

  // FAT: no approval, the developer deploys because the switch is on.
  const tooEarly = await enter(good.number, "STAGING");
  expect(tooEarly.status).toBe(409);
  expect((await enter(good.number, "FAT")).status).toBeLessThan(300);
  const fat = await planOf("dev", good.number, "FAT");
  expect(fat.blockers, JSON.stringify(fat.blockers)).toEqual([]);
  const first = await deploy("dev", fat.digest);
  expect(first.state, JSON.stringify(first)).toBe("succeeded");
  expect((await pass(good.number, "FAT")).status).toBeLessThan(300);

  for (const environment of ["STAGING", "PROD"]) {
    expect((await enter(good.number, environment)).status).toBeLessThan(300);
    const plan = await planOf("ops", good.number, environment);
    await until(
      "the scan of the images and their way to the environment's registry",
      () => api<Plan>("ops", "GET", `/plans/${plan.digest}`),
      ({ blockers }) =>
        !blockers.some(({ code }) => code === "IMAGE_NOT_PROMOTED" || code === "IMAGE_UNSCANNED"),
    );
    const creator = await api("dev", "POST", `/plans/${plan.digest}/approvals`, {
      decision: "approve",
      comment: "",
    });
    expect(creator.status).toBe(403);
    expect(
      (await api("dev", "POST", "/deployments", { planDigest: plan.digest })).status,
    ).toBeGreaterThanOrEqual(403);
    const unapproved = await api<{ blockers: { code: string }[] }>("ops", "POST", "/deployments", {
      planDigest: plan.digest,
    });
    expect(unapproved.status).toBe(409);
    const approved = await api("ops2", "POST", `/plans/${plan.digest}/approvals`, {
      decision: "approve",
      comment: "与工单一致",
    });
    expect(approved.status, JSON.stringify(approved.body)).toBeLessThan(300);
    const own = await api<{ blockers: { code: string }[] }>("ops2", "POST", "/deployments", {
      planDigest: plan.digest,
    });
    expect(own.status, "four eyes: who approved does not deploy").toBe(409);
    const done = await deploy("ops", plan.digest);
    expect(done.state, JSON.stringify(done)).toBe("succeeded");
    expect((await pass(good.number, environment)).status).toBeLessThan(300);
  }
  const released = await api<Release>("dev", "GET", `/releases/${good.number}`);
  expect(released.body.state).toBe("released");
  expect(released.body.stages.map(({ state }) => state)).toEqual(["passed", "passed", "passed"]);

  // The same two components: a tag whose program ends at once.
  const bad = await release([{ component: "quote-api", ref: "v9.9.9-crash" }], "会崩溃的版本");
  expect(bad.state, JSON.stringify(bad)).toBe("built");
  expect((await enter(bad.number, "FAT")).status).toBeLessThan(300);
  const failed = await deploy("dev", (await planOf("dev", bad.number, "FAT")).digest);
  expect(failed.state).toBe("failed");
  expect(failed.cause?.code, JSON.stringify(failed.cause)).toBe("CRASH");

  const rollback = await api<Plan>("dev", "POST", `/deployments/${failed.id}/rollback`, {});
  expect(rollback.status, JSON.stringify(rollback.body)).toBeLessThan(300);
  const restored = await deploy("dev", rollback.body.digest);
  expect(restored.state, JSON.stringify(restored)).toBe("succeeded");
  const after = await api<Release>("dev", "GET", `/releases/${bad.number}`);
  expect(after.body.stages.find(({ environment }) => environment === "FAT")?.state).toBe("rolled_back");

  const chain = await api<{ ok: boolean; entries: number }>("auditor", "GET", "/audit/verify");
  expect(chain.body.ok).toBe(true);
  expect(chain.body.entries).toBeGreaterThan(20);
});
