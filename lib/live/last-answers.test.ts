import { expect, test } from "vitest";
import { LastAnswers, lastOf } from "./last-answers.ts";
import type { LiveTargetDto } from "./schema.ts";

type Workload = LiveTargetDto["workloads"][number];
type Pod = Workload["revisions"][number]["pods"][number];
const pod = (digest: string | null): Pod => ({
  name: "api-1-x",
  revision: "new",
  state: "ready",
  reason: null,
  container: null,
  image: null,
  restarts: 0,
  node: "node-1",
  startedAt: null,
  digest,
  containers: ["api"],
});
const workload = (ready: number): Workload => ({
  state: "healthy",
  desired: 2,
  updated: 2,
  ready,
  available: ready,
  oldPods: 0,
  component: "api",
  kind: "Deployment",
  name: "api",
  release: "20261120-shop-001",
  paused: false,
  images: [],
  revisions: [
    { name: "api-1", revision: "new", release: "20261120-shop-001", pods: [pod(null), pod("sha256:new")] },
    { name: "api-0", revision: "old", release: null, pods: [pod("sha256:old")] },
  ],
});
const seen = (ready: number) => ({ version: "v1.34.4", workloads: [workload(ready)], drift: [] });
const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 32, second));

test("what was there is kept short: counts, release, the digest of the newest pods, drift", () => {
  const drift = {
    object: "Deployment api",
    component: "api",
    kind: "missing" as const,
    field: "",
    expected: "",
    actual: "",
    manager: null,
  };
  expect(lastOf({ ...seen(1), drift: [drift] }, at(0))).toEqual({
    at: "2026-11-20T10:32:00.000Z",
    version: "v1.34.4",
    workloads: [
      {
        component: "api",
        kind: "Deployment",
        name: "api",
        release: "20261120-shop-001",
        state: "healthy",
        ready: 1,
        desired: 2,
        digest: "sha256:new",
        drifted: true,
      },
    ],
  });
});

test("what nobody ever told is not there", () => {
  expect(new LastAnswers().settle("east", at(0))).toBeNull();
});

test("a quiet target's word holds until its last answer, and no longer however long it is silent", () => {
  const answers = new LastAnswers();
  answers.keep("east", seen(2), at(0));
  expect(answers.settle("east", at(20))?.at).toBe(at(20).toISOString());
  // Its list is refused while the server itself goes on answering.
  expect(answers.settle("east", at(50))?.at).toBe(at(20).toISOString());
});

test("an answer before the last change does not make the change older", () => {
  const answers = new LastAnswers();
  answers.keep("east", seen(2), at(7));
  expect(answers.settle("east", at(5))?.at).toBe(at(7).toISOString());
  expect(answers.settle("east", null)?.at).toBe(at(7).toISOString());
});

test("what it tells when it is back replaces what it told before", () => {
  const answers = new LastAnswers();
  answers.keep("east", seen(2), at(0));
  answers.settle("east", at(1));
  answers.keep("east", seen(1), at(30));
  expect(answers.settle("east", at(31))).toMatchObject({
    at: at(31).toISOString(),
    workloads: [{ ready: 1 }],
  });
});
