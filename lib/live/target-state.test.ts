import { expect, test } from "vitest";
import type { LiveTargetDto } from "./schema.ts";
import { applyPatch, patchOf, wholePatch } from "./target-state.ts";

const workload = (name: string, ready: number): LiveTargetDto["workloads"][number] => ({
  state: "healthy",
  desired: 2,
  updated: 2,
  ready,
  available: ready,
  oldPods: 0,
  component: name,
  kind: "Deployment",
  name,
  release: null,
  paused: false,
  images: [],
  revisions: [],
});
const view = (more: Partial<LiveTargetDto>): LiveTargetDto => ({
  cluster: "east",
  namespace: "shop",
  wave: 1,
  state: "known",
  version: "v1.34.4",
  message: null,
  last: null,
  workloads: [],
  events: [],
  drift: [],
  ...more,
});
const drift = {
  object: "Deployment a",
  component: "a",
  kind: "missing" as const,
  field: "",
  expected: "",
  actual: "",
  manager: null,
};
const event = (name: string, second: number, count = 1): LiveTargetDto["events"][number] => ({
  name,
  at: `2026-11-20T10:00:0${second}Z`,
  type: "Normal",
  reason: "Pulled",
  object: "Pod a",
  message: "",
  count,
});
const before = view({
  workloads: [workload("a", 2), workload("b", 2), workload("c", 2)],
  drift: [drift],
  events: [event("y", 5), event("x", 3), event("z", 3)],
});

test.each([
  ["a pod less", view({ ...before, workloads: [workload("a", 1), workload("b", 2), workload("c", 2)] })],
  [
    "one comes, one goes",
    view({ ...before, workloads: [workload("b", 2), workload("c", 2), workload("d", 0)] }),
  ],
  [
    "an event comes, one is counted again, one is forgotten",
    view({ ...before, events: [event("x", 6, 2), event("w", 5), event("y", 5)] }),
  ],
  ["the drift is gone", view({ ...before, drift: [] })],
  [
    "the cluster falls silent",
    view({
      state: "unknown",
      version: null,
      message: "no answer",
      last: { at: "2026-11-20T10:32:00.000Z", version: "v1.34.4", workloads: [] },
    }),
  ],
])("what was before and the patch make what is: %s", (_, after) => {
  const patch = patchOf(before, after);
  expect(patch).not.toBeNull();
  expect(patch && applyPatch(before, patch)).toEqual(after);
});

test("only what changed is told, and nothing when nothing did", () => {
  expect(patchOf(before, structuredClone(before))).toBeNull();
  const after = view({ ...before, workloads: [workload("a", 2), workload("b", 1), workload("c", 2)] });
  expect(patchOf(before, after)).toEqual({
    target: "east/shop",
    whole: false,
    view: { workloads: [workload("b", 1)] },
    gone: [],
  });
  const events = [event("w", 7), event("y", 5), event("x", 3)];
  expect(patchOf(before, { ...before, events })).toMatchObject({
    view: { events: [event("w", 7)] },
    gone: ["Event z"],
  });
});

test("a whole one replaces whatever was known", () => {
  const after = view({ workloads: [workload("z", 1)] });
  expect(applyPatch(before, wholePatch(after))).toEqual(after);
});
