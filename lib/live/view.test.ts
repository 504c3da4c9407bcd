import { expect, test } from "vitest";
import type { Manifest } from "#lib/adapters/ports.ts";
import { CONTROLLERS, EVENT, JOB, POD, REPLICA_SET } from "./hub.ts";
import { type Kind, LiveStore } from "./store.ts";
import { newMemos, viewOf } from "./view.ts";

const DEPLOYMENT: Kind = { apiVersion: "apps/v1", kind: "Deployment" };
const made = (
  kind: Kind,
  name: string,
  version: number,
  owner: string | null,
  more: object = {},
): Manifest => ({
  ...kind,
  metadata: {
    name,
    uid: `uid-${name}`,
    resourceVersion: String(version),
    labels: { "app.kubernetes.io/name": "api", "app.kubernetes.io/version": "R-1" },
    ...(owner ? { ownerReferences: [{ kind: "ReplicaSet", name: owner, uid: `uid-${owner}` }] } : {}),
  },
  ...more,
});
const deployment = (name: string, version = 1, spec: object = {}) =>
  made(DEPLOYMENT, name, version, null, {
    spec: { replicas: 1, template: { spec: { containers: [{ name: "app", image: "x" }] } }, ...spec },
    status: { observedGeneration: 0 },
  });
const pod = (name: string, owner: string, version = 1) =>
  made(POD, name, version, owner, {
    spec: {
      nodeName: "n1",
      containers: [{ name: "app" }, { name: "side" }],
      initContainers: [{ name: "first" }],
    },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  });
const event = (name: string, about: string, at: string) =>
  made(EVENT, name, 1, null, {
    involvedObject: { kind: "Pod", name: about },
    lastTimestamp: at,
    reason: "Seen",
  });

function store(): LiveStore {
  const made_ = new LiveStore();
  for (const kind of [POD, REPLICA_SET, JOB, EVENT, ...CONTROLLERS]) made_.replace(kind, []);
  made_.replace(DEPLOYMENT, [deployment("api"), deployment("web", 1, { paused: true })]);
  made_.replace(REPLICA_SET, [made(REPLICA_SET, "api-1", 1, "api"), made(REPLICA_SET, "web-1", 1, "web")]);
  made_.replace(POD, [pod("api-1-a", "api-1"), pod("web-1-a", "web-1"), pod("stray", "nobody")]);
  made_.replace(EVENT, [
    event("e1", "api-1-a", "2026-11-20T09:00:00Z"),
    event("e2", "web-1-a", "2026-11-20T09:00:01Z"),
    event("e3", "apiary", "2026-11-20T09:00:02Z"),
  ]);
  return made_;
}

test("pods stand below their own workload with all their containers, events with what they are about", () => {
  const { workloads, events } = viewOf(store(), [], newMemos());
  const shown = workloads.map(({ name, paused, revisions }) => ({ name, paused, revisions }));
  expect(shown).toMatchObject([
    {
      name: "api",
      paused: false,
      revisions: [{ name: "api-1", release: "R-1", pods: [{ name: "api-1-a" }] }],
    },
    { name: "web", paused: true, revisions: [{ name: "web-1", pods: [{ name: "web-1-a" }] }] },
  ]);
  expect(workloads[0]?.revisions[0]?.pods[0]?.containers).toEqual(["app", "side", "first"]);
  expect(events.map(({ object }) => object)).toEqual(["Pod web-1-a", "Pod api-1-a"]);
});

test("a change of one pod works out its workload alone", () => {
  const objects = store();
  const memos = newMemos();
  const before = viewOf(objects, [], memos).workloads;
  objects.take(POD, { type: "modified", object: pod("api-1-a", "api-1", 2) });
  const after = viewOf(objects, [], memos).workloads;
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  // The same version again is no change.
  expect(objects.take(POD, { type: "modified", object: pod("api-1-a", "api-1", 2) })).toBe(false);
  expect(viewOf(objects, [], memos).workloads[0]).toBe(after[0]);
});

test("drift is told of what may be seen: changed, missing, and nothing of the rest", () => {
  const expected = [
    { component: "api", manifest: deployment("api", 1, { replicas: 3 }) },
    { component: "old", manifest: deployment("old") },
    { component: "api", manifest: made({ apiVersion: "v1", kind: "Secret" }, "api", 1, null) },
  ].map(({ component, manifest: { metadata, ...manifest } }) => ({
    component,
    manifest: { ...manifest, metadata: { name: metadata.name } },
  }));
  expect(viewOf(store(), expected, newMemos()).drift).toMatchObject([
    { object: "Deployment api", kind: "changed", field: ".spec.replicas", expected: "3", actual: "1" },
    { object: "Deployment old", kind: "missing", component: "old" },
  ]);
});
