import { expect, test } from "vitest";
import type { ApplyOutcome, Cluster, FieldConflict, Manifest } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { fieldValue } from "./field-path.ts";
import { lookAtObject } from "./look-object.ts";

const manifest = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "api", namespace: "shop-fat" },
  spec: { replicas: 3, paused: true },
};
const live: Manifest = { ...manifest, spec: { replicas: 5, paused: false } };
const replicas = { field: ".spec.replicas", manager: "ops-tool" };
const paused = { field: ".spec.paused", manager: "kubectl-edit" };

/** A cluster that owns these fields for others; what it was asked is written down. */
function clusterWith(conflicts: FieldConflict[], failure?: AdapterError) {
  const asked: { force: boolean; fields: string[] }[] = [];
  const client: Pick<Cluster, "get" | "apply"> = {
    get: async () => live,
    apply: async (object, options): Promise<ApplyOutcome> => {
      const fields = Object.keys(Object(object.spec));
      asked.push({ force: options?.force ?? false, fields });
      expect(options?.dryRun).toBe(true);
      if (failure) throw failure;
      const met = conflicts.filter(({ field }) => fieldValue(object, field) !== undefined);
      return met.length > 0 && !options?.force
        ? { ok: false, conflicts: met, message: "" }
        : { ok: true, object, warnings: ["careful"] };
    },
  };
  return { client, asked };
}
const look = (client: Pick<Cluster, "get" | "apply">, takeOver: FieldConflict[]) =>
  lookAtObject(
    client,
    { component: "api", manifest, phase: "apply", takeOver },
    true,
    AbortSignal.timeout(5_000),
  );

test.each<[string, FieldConflict[], FieldConflict[], [boolean, string][], (string | null)[]]>([
  ["nobody owns anything", [], [], [[false, "replicas paused"]], []],
  ["a choice that meets no conflict forces nothing", [], [replicas], [[false, "replicas paused"]], []],
  [
    "undecided: the rest is asked for without it, and without force",
    [replicas],
    [],
    [
      [false, "replicas paused"],
      [false, "paused"],
    ],
    [null],
  ],
  [
    "all taken over: by force",
    [replicas],
    [replicas],
    [
      [false, "replicas paused"],
      [true, "replicas paused"],
    ],
    ["take_over"],
  ],
  [
    "taken over from somebody else than who owns it now: undecided",
    [replicas],
    [{ ...replicas, manager: "argocd" }],
    [
      [false, "replicas paused"],
      [false, "paused"],
    ],
    [null],
  ],
  [
    "one of two taken over: force is only for what is left without the other",
    [replicas, paused],
    [replicas],
    [
      [false, "replicas paused"],
      [true, "replicas"],
    ],
    ["take_over", null],
  ],
])("%s", async (_name, conflicts, takeOver, asks, choices) => {
  const { client, asked } = clusterWith(conflicts);
  const found = await look(client, takeOver);
  expect(asked.map(({ force, fields }) => [force, fields.join(" ")])).toEqual(asks);
  expect(found.conflicts.map(({ choice }) => choice)).toEqual(choices);
  expect([found.refused, found.warnings]).toEqual([null, ["careful"]]);
  if (conflicts.includes(replicas))
    expect(found.conflicts[0]).toMatchObject({ ...replicas, ours: "3", theirs: "5" });
});

test.each([
  ["DRY_RUN_REFUSED", new AdapterError("invalid", "spec.replicas: Invalid value")],
  [
    "DRY_RUN_REFUSED",
    new AdapterError("missing", "no such namespace", { details: { missing: "namespace" } }),
  ],
  ["KIND_UNKNOWN", new AdapterError("missing", "no such kind", { details: { missing: "kind" } })],
])("%s", async (code, error) => {
  const found = await look(clusterWith([], error).client, []);
  expect([found.refused, found.after]).toEqual([{ code, reason: error.message }, null]);
});

test("a cluster that does not answer is no finding about the object", async () => {
  const error = new AdapterError("unreachable", "no answer");
  await expect(look(clusterWith([], error).client, [])).rejects.toBe(error);
});

test("values of a Secret are in no conflict", async () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, spec: { replicas: 3 } };
  const { client } = clusterWith([replicas]);
  const planned = { component: "api", manifest: secret, phase: "apply" as const, takeOver: [] };
  const { conflicts } = await lookAtObject(client, planned, true, AbortSignal.timeout(5_000));
  expect(conflicts).toMatchObject([{ ours: null, theirs: null }]);
});

test("a Secret is asked for with its values; what the cluster says about them is not kept", async () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
  const planned = { component: "api", manifest: secret, phase: "apply" as const, takeOver: [] };
  const fill = async () => ({ ...secret, data: { KEY: "aHVudGVyMg==" } });
  const sent: unknown[] = [];
  const lookWith = (answer: () => ApplyOutcome) => {
    const client: Pick<Cluster, "get" | "apply"> = {
      get: async () => null,
      apply: async (object) => {
        sent.push(object.data);
        return answer();
      },
    };
    return lookAtObject(client, planned, true, AbortSignal.timeout(5_000), fill);
  };
  const refuse = (failure: "invalid" | "broken") => () => {
    throw new AdapterError(failure, "Invalid value: aHVudGVyMg==", { status: 422 });
  };
  const warned = await lookWith(() => ({ ok: true, object: secret, warnings: ["aHVudGVyMg== is weak"] }));
  const refused = await lookWith(refuse("invalid"));
  expect(sent).toEqual([{ KEY: "aHVudGVyMg==" }, { KEY: "aHVudGVyMg==" }]);
  expect(warned.warnings).toEqual([expect.stringContaining("not kept")]);
  expect(refused.refused).toMatchObject({ code: "DRY_RUN_REFUSED", reason: expect.stringContaining("422") });
  expect(JSON.stringify([warned, refused])).not.toContain("aHVudGVyMg");
  await expect(lookWith(refuse("broken"))).rejects.toThrow(/^broken, HTTP 422; what is said about a Secret/);
});
