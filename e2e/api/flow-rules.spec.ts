import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { z } from "zod";
import { portalState } from "../support/state.ts";
import { as, call, newPerson, setRoles } from "./caller.ts";
import {
  accepted,
  approve,
  audited,
  built,
  changeConfig,
  codes,
  deployed,
  deploymentOf,
  draft,
  ended,
  enter,
  globalTemplate,
  idOf,
  leaveAll,
  planOf,
  type Release,
  releaseOf,
  stage,
  start,
  tally,
  throughFat,
  times,
  verdict,
  waitBuilt,
} from "./flow.ts";

// The rules that are never broken, tried as an attacker or somebody in a hurry would.

const PROJECT = "trading";
const COMPONENT = "order-gateway";
const CLICKS = 20;
const soon = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const release = (title: string): Promise<Release> => built(as("owner"), PROJECT, COMPONENT, title);

const used: string[] = [];
test.afterEach(async () => {
  for (const number of used.splice(0)) await leaveAll(number);
});
const keep = (number: string): string => {
  used.push(number);
  return number;
};

test("twenty clicks on anything have one effect", async () => {
  const title = `连点 ${randomUUID()}`;
  const items = [{ component: COMPONENT, ref: "main" }];
  const wanted = { project: PROJECT, title, description: "", items };
  const key = { "idempotency-key": randomUUID() };
  const created = await times(CLICKS, () => call(as("owner"), "POST", "/releases", wanted, key));
  const numbers = new Set(accepted(created).map(({ json }) => String(json.number)));
  expect(numbers.size, JSON.stringify(tally(created))).toBe(1);
  const number = keep([...numbers][0] ?? "");
  const listed = await call(as("owner"), "GET", `/releases?q=${encodeURIComponent(title)}`);
  expect(z.object({ items: z.array(z.unknown()) }).parse(listed.json).items).toHaveLength(1);

  const builds = await times(CLICKS, () => call(as("owner"), "POST", `/releases/${number}/build`));
  expect(accepted(builds), JSON.stringify(tally(builds))).toHaveLength(1);
  const done = await waitBuilt(number);
  expect(done.items.map(({ build }) => build?.attempt)).toEqual([1]);

  const entered = await times(CLICKS, () => stage("tester", number, "FAT", "enter"));
  expect(accepted(entered).length).toBeGreaterThan(0);
  expect((await releaseOf(number)).stages[0]?.state).toBe("entered");
  expect(await audited(`${number}/FAT`, "stage.enter")).toBe(1);

  const plans = await times(CLICKS, () => stage("ops", number, "FAT", "plan"));
  expect(accepted(plans), JSON.stringify(tally(plans))).toHaveLength(CLICKS);
  expect(new Set(plans.map(({ json }) => json.digest)).size).toBe(1);
  const digest = String(plans[0]?.json.digest);

  const later = await times(CLICKS, () => start("ops", digest, { scheduledAt: soon(3600) }));
  expect(accepted(later), JSON.stringify(tally(later))).toHaveLength(1);
  const scheduled = String(accepted(later)[0]?.json.id);
  expect(codes(await start("ops", digest)), "now, while it waits for its time").toContain(
    "ALREADY_SCHEDULED",
  );
  const cancelled = await times(CLICKS, () => call(as("ops"), "POST", `/deployments/${scheduled}/cancel`));
  expect(accepted(cancelled).length, JSON.stringify(tally(cancelled))).toBeGreaterThan(0);
  expect((await deploymentOf(scheduled)).state).toBe("cancelled");
  expect(await audited(scheduled, "deployment.cancelled")).toBe(1);

  const started = await times(CLICKS, () => start("ops", digest));
  expect(accepted(started), JSON.stringify(tally(started))).toHaveLength(1);
  const first = await ended(String(accepted(started)[0]?.json.id));
  expect(first.state, JSON.stringify(first)).toBe("succeeded");
  const again = { "idempotency-key": randomUUID() };
  const keyed = await times(CLICKS, () =>
    call(as("ops"), "POST", "/deployments", { planDigest: digest }, again),
  );
  const ids = new Set(accepted(keyed).map(({ json }) => String(json.id)));
  expect(ids.size, JSON.stringify(tally(keyed))).toBe(1);
  expect((await ended([...ids][0] ?? "")).state).toBe("succeeded");

  const said = await times(CLICKS, () => verdict("tester", number, "FAT"));
  expect(accepted(said), JSON.stringify(tally(said))).toHaveLength(1);
  expect((await verdict("tester", number, "FAT", "reject")).status, "a second verdict").toBe(409);
  for (const replies of [builds, entered, later, cancelled, started, keyed, said]) {
    expect(replies.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([]);
  }
});

test("approval: not one's own, not without the role, not what one deploys, not what has changed", async () => {
  const person = await newPerson({ [PROJECT]: ["developer"] });
  const { number } = await release("审批规则");
  keep(number);
  await throughFat(number);
  await enter(number, "STAGING");
  const { digest } = await planOf("ops", number, "STAGING");

  const own = await approve("owner", digest);
  expect([own.status, codes(own)]).toEqual([403, ["OWN_RELEASE"]]);
  for (const who of ["tester", "auditor", "admin"]) {
    expect((await approve(who, digest)).status, who).toBe(403);
    expect((await start(who, digest)).status, who).toBe(403);
  }
  expect((await approve("dev", digest)).status, "no member").toBe(404);
  const by = (path: string, body: unknown) => call(person, "POST", path, body);
  expect((await by(`/plans/${digest}/approvals`, { decision: "approve" })).status).toBe(403);
  expect((await by("/deployments", { planDigest: digest })).status).toBe(403);
  expect((await by(`/releases/${number}/stages/STAGING/verdict`, { verdict: "pass" })).status).toBe(403);
  expect(codes(await start("ops", digest))).toContain("APPROVALS_MISSING");
  expect(codes(await start("ops", digest, { scheduledAt: soon(60) }))).toContain("APPROVALS_MISSING");
  expect((await start("ops", `sha256:${"0".repeat(64)}`)).status).toBe(404);

  expect((await approve("ops2", digest, "reject")).status).toBeLessThan(300);
  expect(codes(await start("ops", digest))).toContain("PLAN_REJECTED");
  const clicks = await times(CLICKS, () => approve("ops2", digest));
  expect(accepted(clicks), JSON.stringify(tally(clicks))).toHaveLength(CLICKS);
  expect(await audited(digest, "plan.approve")).toBe(1);
  expect(codes(await start("ops2", digest)), "who approved does not deploy").toContain("APPROVALS_MISSING");

  const stale = async (old: string, part: string) => {
    for (const reply of [await start("ops", old), await approve("ops2", old)]) {
      expect([reply.status, reply.json.code], reply.text).toEqual([409, "PLAN_STALE"]);
      const facts = z
        .object({ changedSince: z.array(z.object({ part: z.string() })) })
        .parse(reply.json.facts);
      expect(
        facts.changedSince.map((one) => one.part),
        reply.text,
      ).toContain(part);
    }
    const fresh = (await planOf("ops", number, "STAGING")).digest;
    expect(fresh).not.toBe(old);
    expect(codes(await start("ops", fresh)), "a new plan has no approvals").toContain("APPROVALS_MISSING");
    expect((await approve("ops2", fresh)).status).toBeLessThan(300);
    return fresh;
  };
  const mark = randomBytes(4).toString("hex");
  await changeConfig(PROJECT, COMPONENT, "STAGING", { variables: { LOG_LEVEL: mark } });
  let current = await stale(digest, "config");
  await changeConfig(PROJECT, COMPONENT, "STAGING", { secrets: [{ name: "API_KEY", value: mark }] });
  current = await stale(current, "secret");

  const body = await globalTemplate("STAGING");
  const made = await call(as("ops"), "POST", "/templates", {
    name: `t${mark}`,
    environment: "STAGING",
    project: PROJECT,
    component: COMPONENT,
    body,
  });
  await changeConfig(PROJECT, COMPONENT, "STAGING", { templateId: made.json.id });
  current = await stale(current, "template");
  const saved = await call(as("ops"), "PUT", `/templates/${made.json.id}`, {
    version: 1,
    body: `${body}\n# v2\n`,
  });
  expect(saved.status, saved.text).toBe(200);
  current = await stale(current, "template");

  const targets = z
    .object({
      items: z.array(
        z.object({
          environment: z.string(),
          cluster: z.string(),
          namespace: z.string(),
          wave: z.number(),
          createNamespace: z.boolean(),
        }),
      ),
    })
    .parse((await call(as("admin"), "GET", `/projects/${PROJECT}/targets`)).json).items;
  const place = (items: typeof targets) =>
    call(as("admin"), "PUT", `/projects/${PROJECT}/targets`, { targets: items });
  const moved = await place(
    targets.map((target) =>
      target.environment === "STAGING" ? { ...target, wave: target.wave + 1 } : target,
    ),
  );
  expect(moved.status, moved.text).toBe(200);
  const elsewhere = await stale(current, "target");
  expect((await place(targets)).status).toBe(200);
  expect((await start("ops", elsewhere)).json.code).toBe("PLAN_STALE");
  // Everything is as it was approved, byte for byte: the plan is the same one again, with its approval.
  expect((await planOf("ops", number, "STAGING")).digest).toBe(current);
  await changeConfig(PROJECT, COMPONENT, "STAGING", { secrets: [{ name: "API_KEY", value: null }] });
  current = await stale(current, "secret");
  await deployed("ops", current);
});

test("two releases that enter at once: one is in, the other waits for its turn and deploys nothing", async () => {
  const [one, two] = await Promise.all([release("同时进入一"), release("同时进入二")]);
  keep(one.number);
  keep(two.number);
  const replies = await Promise.all([one, two].map(({ number }) => stage("tester", number, "FAT", "enter")));
  expect(replies.map(({ json }) => json.queued).sort(), JSON.stringify(tally(replies))).toEqual([
    false,
    true,
  ]);
  const [inside, waiting] = replies[0]?.json.queued ? [two, one] : [one, two];
  const planned = await planOf("ops", waiting.number, "FAT");
  const refused = await start("ops", planned.digest);
  expect(refused.status).toBe(409);
  expect(codes(refused)).toEqual(expect.arrayContaining(["STAGE_NOT_ENTERED", "ENVIRONMENT_HELD"]));
  const { digest } = await planOf("ops", inside.number, "FAT");
  await deployed("ops", digest);
  expect((await stage("tester", waiting.number, "FAT", "enter")).json.queued).toBe(true);
  expect((await verdict("tester", inside.number, "FAT", "reject")).status).toBeLessThan(300);
  expect((await stage("tester", waiting.number, "FAT", "enter")).json.state).toBe("entered");
  expect((await start("ops", digest)).status, "what was rejected is not deployed again").toBe(409);
});

test("a right that is lost between the click and the start stops the deployment", async () => {
  const { number } = await release("定时部署");
  keep(number);
  await enter(number, "FAT");
  const person = await newPerson({ [PROJECT]: ["ops"] });
  const { digest } = await planOf("ops", number, "FAT");
  const body = { planDigest: digest, scheduledAt: soon(4) };
  const id = idOf(await call(person, "POST", "/deployments", body));
  await setRoles(PROJECT, person.username, ["tester"]);
  const done = await ended(id);
  expect([done.state, done.cause?.code]).toEqual(["cancelled", "ROLE_MISSING"]);
  // The stage is as it was: somebody with the right goes on.
  await deployed("ops", digest);
});

test("a freeze stops deployments until it is lifted", async () => {
  const { number } = await release("封网");
  keep(number);
  await enter(number, "FAT");
  const { digest } = await planOf("ops", number, "FAT");
  const window = {
    project: PROJECT,
    environment: "FAT",
    startsAt: soon(-60),
    endsAt: soon(3600),
    reason: "封网演练",
  };
  expect((await call(as("tester"), "POST", "/freezes", window)).status).toBe(403);
  const freeze = await call(as("ops"), "POST", "/freezes", window);
  expect(freeze.status, freeze.text).toBeLessThan(300);
  try {
    const refused = await start("ops", digest);
    expect([refused.status, codes(refused)], refused.text).toEqual([409, ["FROZEN"]]);
    // Not after the window, either: what is scheduled into it is refused, what is scheduled after it is not.
    expect(codes(await start("ops", digest, { scheduledAt: soon(600) }))).toEqual(["FROZEN"]);
    const after = idOf(await start("ops", digest, { scheduledAt: soon(7200) }));
    expect((await call(as("ops"), "POST", `/deployments/${after}/cancel`)).status).toBeLessThan(300);
    expect((await call(as("tester"), "DELETE", `/freezes/${freeze.json.id}`)).status).toBe(403);
  } finally {
    expect((await call(as("ops"), "DELETE", `/freezes/${freeze.json.id}`)).status).toBeLessThan(300);
  }
  await deployed("ops", digest);
});

test("a cancel in the middle leaves a state that can be told and gone on from", async () => {
  const { number } = await release("中途取消");
  keep(number);
  await enter(number, "FAT");
  const { digest } = await planOf("ops", number, "FAT");
  const id = idOf(await start("ops", digest));
  const cancels = await times(5, () => call(as("ops"), "POST", `/deployments/${id}/cancel`));
  expect(cancels.filter(({ status }) => status >= 500)).toEqual([]);
  const done = await ended(id);
  if (accepted(cancels).length > 0) {
    expect(done.state, JSON.stringify(done)).toBe("cancelled");
    expect(["CANCELLED", "CANCELLED_MIDWAY"]).toContain(done.cause?.code);
  }
  expect((await call(as("ops"), "POST", `/deployments/${id}/cancel`)).status, "what has ended").toBe(409);
  await deployed("ops", digest);
});

test("a rollback runs once, and undoes what came after", async () => {
  const before = await release("回滚之前");
  keep(before.number);
  await throughFat(before.number);
  const after = await release("回滚掉的");
  keep(after.number);
  await enter(after.number, "FAT");
  const undone = await deployed("ops", (await planOf("ops", after.number, "FAT")).digest);
  for (const who of ["tester", "owner", "auditor", "admin"]) {
    expect((await call(as(who), "POST", `/deployments/${undone.id}/rollback`, {})).status, who).toBe(403);
  }
  const plans = await times(8, () => call(as("ops"), "POST", `/deployments/${undone.id}/rollback`, {}));
  expect(new Set(plans.map(({ json }) => json.digest)).size, JSON.stringify(tally(plans))).toBe(1);
  const digest = String(plans[0]?.json.digest);
  const runs = await times(CLICKS, () => start("ops", digest));
  expect(accepted(runs), JSON.stringify(tally(runs))).toHaveLength(1);
  expect(runs.filter(({ status }) => status >= 500)).toEqual([]);
  expect((await ended(String(accepted(runs)[0]?.json.id))).state).toBe("succeeded");
  const { json } = await call(as("owner"), "GET", `/releases/${after.number}`);
  const stages = z
    .object({ stages: z.array(z.object({ environment: z.string(), state: z.string() })) })
    .parse(json);
  expect(stages.stages.find(({ environment }) => environment === "FAT")?.state).toBe("rolled_back");
  // Its environment is free, and it does not come back.
  expect((await stage("tester", after.number, "FAT", "enter")).status).toBe(409);
  expect((await verdict("tester", after.number, "FAT")).status).toBe(409);
});

test("an image that the registry has lost blocks the plan, and a plan from before that", async () => {
  const { number, items } = await release("镜像丢失");
  keep(number);
  await enter(number, "FAT");
  const { digest } = await planOf("ops", number, "FAT");
  const [item] = items;
  const repository = item?.artifact?.image.replace(/^[^/]+\//, "").replace(/:[^:]*$/, "");
  const gone = await fetch(
    `${portalState().registryUrl.replace(/\/$/, "")}/v2/${repository}/manifests/${item?.artifact?.digest}`,
    { method: "DELETE" },
  );
  expect(gone.status).toBe(202);
  const done = await ended(idOf(await start("ops", digest)));
  expect([done.state, done.cause?.code], JSON.stringify(done)).toEqual(["failed", "IMAGE_MISSING"]);
  const fresh = await planOf("ops", number, "FAT");
  expect(fresh.blockers.map(({ code }) => code)).toEqual(["IMAGE_MISSING"]);
  expect(codes(await start("ops", fresh.digest))).toContain("IMAGE_MISSING");
});

test("what is not built goes nowhere", async () => {
  const number = keep(await draft(as("owner"), PROJECT, COMPONENT, "没有构建"));
  expect(codes(await stage("tester", number, "FAT", "enter"))).toEqual(["RELEASE_NOT_BUILT"]);
  expect(codes(await stage("tester", number, "PROD", "enter"))).toEqual(
    expect.arrayContaining(["RELEASE_NOT_BUILT", "PREVIOUS_NOT_PASSED"]),
  );
  expect(codes(await stage("ops", number, "FAT", "plan"))).toContain("RELEASE_NOT_BUILT");
  expect((await stage("tester", number, "FAT", "verdict", { verdict: "pass" })).status).toBe(409);
  expect((await stage("tester", number, "NONE", "enter")).status).toBe(404);
  const gone = await times(CLICKS, () => call(as("owner"), "POST", `/releases/${number}/abandon`));
  expect(accepted(gone), JSON.stringify(tally(gone))).toHaveLength(1);
  expect((await call(as("owner"), "POST", `/releases/${number}/build`)).status).toBe(409);
});

test("a namespace belongs to one environment of one project", async () => {
  const owner = await newPerson({});
  const key = `ns-${randomBytes(4).toString("hex")}`;
  const project = { key, name: key, owner: owner.username };
  expect((await call(as("admin"), "POST", "/projects", project)).status).toBe(201);
  const foreign = z
    .object({
      items: z.array(z.object({ environment: z.string(), cluster: z.string(), namespace: z.string() })),
    })
    .parse((await call(as("admin"), "GET", `/projects/${PROJECT}/targets`)).json)
    .items.find(({ environment }) => environment === "PROD");
  const place = (...targets: [environment: string, namespace: string][]) =>
    call(owner, "PUT", `/projects/${key}/targets`, {
      targets: targets.map(([environment, namespace]) => ({
        environment,
        cluster: foreign?.cluster,
        namespace,
      })),
    });
  // Another project's production, and one's own by way of an open environment.
  expect((await place(["FAT", foreign?.namespace ?? ""])).status).toBe(409);
  expect((await place(["FAT", key], ["PROD", key])).status).toBe(409);
  expect((await place(["FAT", `${key}-fat`], ["PROD", `${key}-prod`])).status).toBe(200);
  const raced = await times(8, () => place(["FAT", `${key}-fat`], ["PROD", `${key}-prod`]));
  expect(raced.filter(({ status }) => status >= 500)).toEqual([]);
});
