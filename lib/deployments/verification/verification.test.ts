import { describe, expect, test } from "vitest";
import type { SmokeCheck } from "#lib/strategies/schema.ts";
import { compareSides } from "./compare.ts";
import { checkJob, jobState } from "./job.ts";
import { fillQuery, judgeCheck, judgeSamples } from "./judge.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, seconds)).toISOString();
const http = {
  kind: "http",
  name: "health",
  path: "/healthz",
  expectStatus: 200,
  timeoutSeconds: 10,
  component: "api",
} as const;
const said = { component: "api", name: "health", kind: "http", message: "m" };

describe("a check in the course of time", () => {
  test.each([
    ["passes at once", undefined, "passed", 0, { state: "passed", since: at(0) }],
    ["fails at first: it has its time", undefined, "failing", 0, { state: "failing", since: at(0) }],
    [
      "still fails, in time",
      { state: "failing", since: at(0) },
      "failing",
      9,
      { state: "failing", since: at(0) },
    ],
    [
      "still fails, too long",
      { state: "failing", since: at(0) },
      "failing",
      10,
      { state: "failed", since: at(0) },
    ],
    ["comes right", { state: "failing", since: at(0) }, "passed", 9, { state: "passed", since: at(9) }],
    ["stays right", { state: "passed", since: at(0) }, "passed", 99, { state: "passed", since: at(0) }],
    [
      "turns bad: its time begins then",
      { state: "passed", since: at(0) },
      "failing",
      99,
      { state: "failing", since: at(99) },
    ],
    [
      "runs on after failing once",
      { state: "failing", since: at(0) },
      "running",
      5,
      { state: "running", since: at(0) },
    ],
  ] as const)("%s", (_name, before, look, seconds, expected) => {
    const known = before && { ...said, ...before };
    expect(judgeCheck(http, known, { state: look, message: "m" }, at(seconds))).toEqual({
      ...said,
      ...expected,
    });
  });
  test("what cannot come right fails at once", () => {
    const look = { state: "failing" as const, message: "no Service", final: true };
    expect(judgeCheck(http, undefined, look, at(0))).toMatchObject({
      state: "failed",
      message: "no Service",
    });
  });
});

describe("samples", () => {
  const check = (comparison: "<" | "<=" | ">" | ">=" | "==", threshold: number) =>
    ({ kind: "prometheus", name: "errors", query: "q", comparison, threshold, timeoutSeconds: 10 }) as const;
  test.each([
    [check("<", 0.01), [0.001, 0.002], "passed"],
    [check("<", 0.01), [0.001, 0.02], "failing"],
    [check("<=", 1), [1], "passed"],
    [check(">", 1), [1], "failing"],
    [check(">=", 1), [1], "passed"],
    [check("==", 1), [1], "passed"],
    [check("<", 1), [], "failing"],
    [check("<", 1), [Number.NaN], "failing"],
    [check("<", 1), [Number.POSITIVE_INFINITY], "failing"],
  ])("%j %j: %s", (one, samples, state) => {
    expect(judgeSamples(one, samples).state).toBe(state);
  });
  test("names in a query are filled in, whole and known ones only", () => {
    const names = { namespace: "shop-fat", component: "api" };
    expect(fillQuery('rate(e{ns="$namespace",c="$component-$other"}[5m])$', names)).toBe(
      'rate(e{ns="shop-fat",c="api-$other"}[5m])$',
    );
  });
});

const jobCheck: Extract<SmokeCheck, { kind: "job" }> = {
  kind: "job",
  name: "migrations are in",
  command: ["node", "check.js"],
  timeoutSeconds: 60,
};
const workload = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "api" },
  spec: {
    template: {
      metadata: { labels: { app: "api" } },
      spec: {
        serviceAccountName: "api",
        restartPolicy: "Always",
        volumes: [{ name: "v" }],
        containers: [
          {
            name: "app",
            image: "r/api@sha256:1",
            ports: [{ containerPort: 1 }],
            readinessProbe: {},
            args: ["serve"],
            env: [{ name: "A", value: "1" }],
          },
        ],
      },
    },
  },
};
const jobOf = (input: Partial<Parameters<typeof checkJob>[0]> = {}) =>
  checkJob({
    check: jobCheck,
    component: "api",
    objects: [{ component: "api", manifest: workload }],
    place: { namespace: "shop-fat", project: "shop", environment: "FAT" },
    deployment: "d",
    plan: "p",
    attempt: 1,
    ...input,
  });

describe("the Job of a check", () => {
  test("runs the command with the component's image, variables and volumes, out of reach of its Service", () => {
    const job = jobOf();
    expect(job).toMatchObject({
      kind: "Job",
      metadata: { namespace: "shop-fat" },
      spec: { backoffLimit: 0, activeDeadlineSeconds: 60 },
    });
    const { template } = (job as unknown as { spec: { template: typeof workload.spec.template } }).spec;
    expect(template.metadata.labels).not.toHaveProperty("app");
    expect(template.metadata.labels).not.toHaveProperty(["app.kubernetes.io/name"]);
    expect(template.spec).toEqual({
      restartPolicy: "Never",
      serviceAccountName: "api",
      volumes: [{ name: "v" }],
      containers: [
        {
          name: "check",
          image: "r/api@sha256:1",
          command: ["node", "check.js"],
          env: [{ name: "A", value: "1" }],
        },
      ],
    });
  });
  test("is another one for each attempt and check, and the same after a crash", () => {
    const name = (input = {}) => jobOf(input)?.metadata.name;
    expect(name()).toBe(name());
    expect(new Set([name(), name({ attempt: 2 }), name({ deployment: "e" })]).size).toBe(3);
    expect(name()?.length).toBeLessThanOrEqual(63);
    expect(jobOf({ component: "web" })).toBeNull();
  });
  test.each([
    [[], "running"],
    [[{ type: "Complete", status: "True" }], "passed"],
    [[{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }], "failed"],
    [[{ type: "Failed", status: "False" }], "running"],
  ])("with %j it is %s", (conditions, state) => {
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j" }, status: { conditions } };
    expect(jobState(job).state).toBe(state);
  });
});

test("two sides: what is the same, what differs, what nobody knows", () => {
  const side = {
    manifest: ["a", "b"],
    image: ["app: sha256:1"],
    secrets: [],
    nodes: null,
    quota: ["q: pods 1 of 2"],
    pod_security: [],
    version: ["v1.34.4"],
  };
  const other = { ...side, manifest: ["a", "c"], quota: [], nodes: ["amd64"] };
  expect(compareSides(side, other, ["manifest", "image", "nodes", "quota"])).toEqual([
    { part: "manifest", same: false, here: ["b"], there: ["c"] },
    { part: "image", same: true, here: ["app: sha256:1"], there: [] },
    { part: "nodes", same: null, here: [], there: ["amd64"] },
    { part: "quota", same: false, here: ["q: pods 1 of 2"], there: [] },
  ]);
});
