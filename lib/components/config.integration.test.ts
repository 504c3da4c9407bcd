import { afterAll, beforeAll, expect, test } from "vitest";
import { approvalsWaiting, listApprovals } from "#lib/approvals/queries.ts";
import { decidePlan } from "#lib/approvals/service.ts";
import { db } from "#lib/db.ts";
import { startDeployment } from "#lib/deployments/service.ts";
import { makeWorld, type World } from "#lib/deployments/testing/world.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { computePlan } from "#lib/plans/service.ts";
import { WEB_TEMPLATE } from "#lib/templates/defaults/web.ts";
import { previewTemplate } from "#lib/templates/preview.ts";
import { getTemplate, listTemplates, listTemplateVersions } from "#lib/templates/queries.ts";
import { createTemplate, updateTemplate } from "#lib/templates/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getConfig, listConfigVersions } from "./config-queries.ts";
import { updateConfig } from "./config-service.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world?.close());
const fat = { project: "shop", component: "api", environment: "FAT" };
const prod = { ...fat, environment: "PROD" };

test("configuration: roles by kind of environment, versions, complete refusals", async () => {
  const [dev, tester, ops] = [
    await world.actor("dev"),
    await world.actor("tester"),
    await world.actor("ops"),
  ];
  await expect(updateConfig({ actor: tester, ...fat, version: 1, replicas: 2 })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await expect(updateConfig({ actor: dev, ...prod, version: 1, replicas: 2 })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  const saved = await updateConfig({ actor: dev, ...fat, version: 1, replicas: 2, variables: { A: "1" } });
  expect(saved).toMatchObject({
    version: 2,
    replicas: 2,
    variables: { A: "1" },
    mayEdit: true,
    template: { name: "web" },
  });
  await expect(updateConfig({ actor: ops, ...fat, version: 1, replicas: 3 })).rejects.toMatchObject({
    code: "VERSION_CONFLICT",
  });
  await expect(
    updateConfig({
      actor: ops,
      ...fat,
      version: 2,
      cpuRequest: "2",
      memoryLimit: "big",
      variables: { DB_PASSWORD: "x" },
    }),
  ).rejects.toMatchObject({
    code: "INVALID_INPUT",
    facts: { issues: [{ path: "memoryLimit" }, { path: "cpuRequest" }, { path: "variables.DB_PASSWORD" }] },
  });
  expect((await listConfigVersions(dev, fat)).items).toMatchObject([
    { version: 2, createdBy: { username: "dev" } },
  ]);
});

test("secrets are written, never given back, and their versions never return", async () => {
  const ops = await world.actor("ops");
  const { version } = await getConfig(ops, prod);
  const set = await updateConfig({
    actor: ops,
    ...prod,
    version,
    secrets: [{ name: "API_KEY", value: "swordfish" }],
  });
  expect(set.secrets.map(({ name, version: at }) => [name, at])).toEqual([
    ["API_KEY", 2],
    ["DB_PASSWORD", 1],
  ]);
  const gone = await updateConfig({
    actor: ops,
    ...prod,
    version: 2,
    secrets: [{ name: "API_KEY", value: null }],
  });
  expect(gone.secrets.map(({ name }) => name)).toEqual(["DB_PASSWORD"]);
  const again = await updateConfig({
    actor: ops,
    ...prod,
    version: 3,
    secrets: [{ name: "API_KEY", value: "swordfish" }],
  });
  expect(again.secrets[0]).toMatchObject({ name: "API_KEY", version: 4 });
  const rows = [
    await db.configSecret.findMany(),
    await db.event.findMany(),
    await db.componentConfigVersion.findMany(),
    await db.auditEntry.findMany({ select: { data: true } }),
  ];
  expect(JSON.stringify([set, gone, again, rows])).not.toContain("swordfish");
});

test("templates: places, versions, syntax, use and preview", async () => {
  const [dev, ops] = [await world.actor("dev"), await world.actor("ops")];
  const body = WEB_TEMPLATE.replace("revisionHistoryLimit: 5", "revisionHistoryLimit: 2");
  const base = { name: "own", environment: "FAT", body, comment: "" };
  await expect(createTemplate({ actor: ops, ...base })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(
    createTemplate({ actor: dev, ...base, environment: "PROD", project: "shop" }),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  const broken = createTemplate({ actor: dev, ...base, project: "shop", body: "a\n{% if %}" });
  await expect(broken).rejects.toMatchObject({ code: "INVALID_INPUT", facts: { issues: [{ line: 2 }] } });
  const made = await createTemplate({ actor: dev, ...base, project: "shop" });
  expect(made).toMatchObject({
    version: 1,
    project: "shop",
    usedBy: [{ project: "shop", component: "api" }],
  });
  await expect(createTemplate({ actor: dev, ...base, project: "shop" })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  const saved = await updateTemplate({
    actor: dev,
    id: made.id,
    version: 1,
    body: `${body}\n`,
    comment: "newline",
  });
  expect(saved).toMatchObject({ version: 2, comment: "newline" });
  await expect(
    updateTemplate({ actor: dev, id: made.id, version: 1, body, comment: "" }),
  ).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
  expect((await listTemplateVersions(dev, made.id)).items.map(({ version }) => version)).toEqual([2, 1]);
  const global = (await listTemplates(dev, { limit: 50, environment: "FAT" })).items.find(
    ({ project }) => project === null,
  );
  expect((await getTemplate(dev, global?.id ?? "")).usedBy).toEqual([]);

  const preview = await previewTemplate({
    actor: dev,
    project: "shop",
    component: "api",
    body: "a: {{ nope }}",
  });
  expect(
    preview.items.map(({ environment, problems }) => [environment, problems[0]?.code, problems[0]?.line]),
  ).toEqual([
    ["FAT", "RENDER_FAILED", 1],
    ["PROD", "RENDER_FAILED", 1],
  ]);
  const good = await previewTemplate({
    actor: dev,
    project: "shop",
    component: "api",
    environment: "PROD",
    body,
  });
  expect(good.items).toMatchObject([{ environment: "PROD", ok: true, problems: [] }]);
  expect(good.items[0]?.objects.map(({ kind }) => kind)).toEqual(["ConfigMap", "Service", "Deployment"]);
});

test("the inbox: what waits for whom, what was decided, and what a change does to an approval", async () => {
  const [dev, ops, owner] = [await world.actor("dev"), await world.actor("ops"), await world.actor("owner")];
  await world.release("R-1", { environment: "PROD" });
  const { digest } = await computePlan({ actor: dev, release: "R-1", environment: "PROD" });
  expect([await approvalsWaiting(ops), await approvalsWaiting(owner), await approvalsWaiting(dev)]).toEqual([
    1, 1, 0,
  ]);
  expect((await listApprovals(ops, { box: "waiting", limit: 10 })).items).toMatchObject([
    { digest, required: 1, given: 0, changes: { create: 4, change: 0, delete: 0 } },
  ]);
  const approved = await decidePlan({ actor: ops, digest, decision: "approve", comment: "" });
  expect(approved).toMatchObject({ approvalRule: { given: 1, satisfied: true }, current: true });
  expect(await approvalsWaiting(owner)).toBe(0);
  expect((await listApprovals(ops, { box: "decided", limit: 10 })).items).toMatchObject([
    { digest, mine: { decision: "approve", valid: true } },
  ]);
  const { version } = await getConfig(ops, prod);
  await updateConfig({ actor: ops, ...prod, version, variables: { GREETING: "bye" } });
  await expect(decidePlan({ actor: owner, digest, decision: "approve", comment: "" })).rejects.toMatchObject({
    code: "PLAN_STALE",
    facts: { changedSince: [{ part: "config", subject: "api" }] },
  });
  const after = await computePlan({ actor: dev, release: "R-1", environment: "PROD" });
  expect(after.digest).not.toBe(digest);
  expect(after.approvals).toEqual([]);
  const newer = { digest: after.digest, createdBy: { username: "dev" } };
  expect(after.newer).toBeNull();
  expect(await getPlan(ops, digest)).toMatchObject({
    current: false,
    newer: { ...newer, differences: [{ part: "config", count: 1 }] },
  });
  await expect(decidePlan({ actor: owner, digest, decision: "approve", comment: "" })).rejects.toMatchObject({
    blockers: [{ code: "PLAN_STALE", facts: { newer: after.digest } }],
  });
  await expect(startDeployment({ actor: ops, planDigest: digest })).rejects.toMatchObject({
    code: "PLAN_STALE",
    blockers: expect.arrayContaining([
      expect.objectContaining({ code: "PLAN_STALE", facts: { newer: after.digest } }),
    ]),
  });
  expect(await approvalsWaiting(owner)).toBe(1);
});

test("a plan that cannot be rendered is shown with its line and blocked", async () => {
  const [dev, ops] = [await world.actor("dev"), await world.actor("ops")];
  await world.release("R-2");
  const body = `{{ variables.MISSING }}\n${WEB_TEMPLATE}`;
  const template = await createTemplate({
    actor: ops,
    name: "bad",
    environment: "FAT",
    project: "shop",
    component: "api",
    body,
    comment: "",
  });
  const plan = await computePlan({ actor: dev, release: "R-2", environment: "FAT" });
  expect(plan.blockers).toMatchObject([
    { code: "RENDER_FAILED", facts: { component: "api", template: "bad", line: 1 } },
  ]);
  const decided = decidePlan({ actor: ops, digest: plan.digest, decision: "approve", comment: "" });
  await expect(decided).rejects.toMatchObject({ blockers: [{ code: "RENDER_FAILED" }] });
  await db.template.delete({ where: { id: template.id } });
});

test("a component that leaves objects behind lists them as deletions", async () => {
  const ops = await world.actor("ops");
  const target = await db.target.findFirstOrThrow({ where: { environmentId: world.fat.id } });
  const cluster = world.cluster();
  await cluster.createNamespace("shop-fat", {});
  const labels = { "app.kubernetes.io/managed-by": "refract", "app.kubernetes.io/name": "api" };
  const metadata = { name: "old", namespace: "shop-fat", labels };
  await cluster.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } });
  const row = { targetId: target.id, componentId: world.component.id, deploymentId: target.id };
  await db.inventoryObject.create({ data: { ...row, apiVersion: "v1", kind: "ConfigMap", name: "old" } });
  const plan = await computePlan({ actor: ops, release: "R-2", environment: "FAT" });
  expect(plan.targets[0]?.objects.filter(({ change }) => change === "delete")).toMatchObject([
    { kind: "ConfigMap", name: "old" },
  ]);
});
