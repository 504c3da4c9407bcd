import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { computePlan } from "#lib/plans/service.ts";
import type { SmokeCheck } from "#lib/strategies/schema.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getDeployment } from "../queries.ts";
import { startDeployment } from "../service.ts";
import { workUntilDone } from "../testing/run.ts";
import { makeWorld, type World } from "../testing/world.ts";

await testDatabase();
let world: World;
/** What the metrics server says, one answer after another; the last one stays. */
let samples: string[] = [];
const queries: string[] = [];
const metrics = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => {
    body += part;
  });
  request.on("end", () => {
    queries.push(new URLSearchParams(body).get("query") ?? "");
    const value = samples.length > 1 ? samples.shift() : samples[0];
    const result = value === undefined ? [] : [{ metric: {}, value: [1763704800, value] }];
    response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
  });
});
beforeAll(async () => {
  world = await makeWorld();
  await new Promise<void>((resolve) => metrics.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  metrics.close();
  await world?.close();
});
beforeEach(() => {
  queries.length = 0;
});

let count = 0;
/** Deploys a new release order to FAT with these checks on the component, and answers how it ended. */
async function deployWith(smokeChecks: SmokeCheck[]) {
  count += 1;
  const release = `C-${count}`;
  const ops = await world.actor("ops");
  await world.release(release);
  await db.componentConfig.updateMany({
    where: { componentId: world.component.id, environmentId: world.fat.id },
    data: { smokeChecks, version: { increment: 1 } },
  });
  const plan = await computePlan({ actor: ops, release, environment: "FAT" });
  expect(plan.blockers).toEqual([]);
  const { id } = await startDeployment({ actor: ops, planDigest: plan.digest });
  await workUntilDone(id);
  // The environment is free for the next one.
  await db.reservation.updateMany({ where: { releasedAt: null }, data: { releasedAt: new Date() } });
  const done = await getDeployment(ops, id);
  const verify = done.targets[0]?.steps.find(({ name }) => name === "verify");
  return { done, verify, checks: verify?.detail?.checks ?? [] };
}

const http = { kind: "http", name: "front page", path: "/", expectStatus: 200, timeoutSeconds: 2 } as const;
const job = { kind: "job", name: "self test", timeoutSeconds: 60 } as const;
const metric = {
  kind: "prometheus",
  name: "errors",
  query: 'errors{namespace="$namespace",release="$release"}',
  comparison: "<",
  threshold: 0.01,
  timeoutSeconds: 30,
} as const;

describe("smoke checks", () => {
  test("all kinds pass: the pods answer, the command runs in the image, the metric comes down", async () => {
    samples = ["0.5", "0.5", "0.001"];
    await db.project.update({
      where: { id: world.projectId },
      data: { prometheusUrl: `http://127.0.0.1:${Object(metrics.address()).port}` },
    });
    const { done, checks } = await deployWith([
      { ...http, contains: "C-1 hello" },
      { ...job, command: ["node", "-e", 'if (process.env.GREETING !== "hello") process.exit(1)'] },
      metric,
    ]);
    expect(done.cause).toBeNull();
    expect(done.state).toBe("succeeded");
    expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "front page passed",
      "self test passed",
      "errors passed",
    ]);
    expect(queries.at(-1)).toBe('errors{namespace="shop-fat",release="C-1"}');
    expect(queries.length).toBeGreaterThanOrEqual(3);
  });

  test.each<[string, SmokeCheck, RegExp]>([
    ["a wrong status", { ...http, expectStatus: 204 }, /answered 200, expected is 204/],
    ["a text that is missing", { ...http, contains: "somebody else" }, /without the expected text/],
    ["a service that is not there", { ...http, service: "nobody", port: "80" }, /nobody/],
    [
      "a command that fails",
      { ...job, command: ["node", "-e", 'console.log("ledger is empty"); process.exit(4)'] },
      /Failed|Backoff/,
    ],
    ["a metric that stays high", { ...metric, timeoutSeconds: 1 }, /5 is not < 0.01/],
  ])("%s fails the deployment with its cause", async (_name, check, message) => {
    samples = ["5"];
    const { done, verify } = await deployWith([check]);
    expect(done.state).toBe("failed");
    expect(verify?.state).toBe("failed");
    expect(done.cause).toMatchObject({
      code: "SMOKE_CHECK_FAILED",
      facts: { check: check.name, component: "api" },
    });
    expect(done.cause?.message).toMatch(message);
    if (check.kind === "job") {
      expect(done.cause?.evidence.map(({ text }) => text)).toContain("ledger is empty");
    }
  });

  test("without a Prometheus a metric check fails at once and says so", async () => {
    await db.project.update({ where: { id: world.projectId }, data: { prometheusUrl: null } });
    const { done } = await deployWith([metric]);
    expect(done.cause?.message).toMatch(/no Prometheus URL/);
  });
});
