import { describe, expect, test } from "vitest";
import type { StageState } from "#lib/stages/state.ts";
import { applyOrder, assembleComponent } from "./assemble.ts";
import { comparePlans } from "./compare.ts";
import { type PlanInputs, type PlanManifests, STANDARD_STEPS } from "./content.ts";
import { diffObjects, lineFields } from "./diff.ts";
import { planDigest } from "./digest.ts";
import type { TargetFacts } from "./facts.ts";
import { type GateFacts, gateBlockers, overBlockers } from "./gate.ts";
import { parseImage, pinnedImage } from "./image-name.ts";
import { normalize, reviewText } from "./normalize.ts";
import { assembleRollback } from "./rollback.ts";

const labels = {
  "app.kubernetes.io/managed-by": "refract",
  "app.kubernetes.io/part-of": "shop",
  "app.kubernetes.io/name": "api",
  "app.kubernetes.io/version": "R-1",
  "refract.dev/environment": "FAT",
};
const assembled = (rendered: Parameters<typeof assembleComponent>[0]["rendered"], secrets = {}) =>
  assembleComponent({
    rendered,
    project: "shop",
    component: "api",
    environment: "FAT",
    release: "R-1",
    namespace: "shop-fat",
    secrets,
  });

describe("assembling", () => {
  test.each([
    [
      { rollingUpdate: { maxUnavailable: 0 } },
      { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
    ],
    [{ type: "Recreate" }, { type: "Recreate" }],
  ])("a Deployment with the strategy %j owns %j", (strategy, owned) => {
    const spec = { replicas: 1, template: { spec: {} }, strategy };
    const [deployment] = assembled([
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "api" }, spec },
    ]);
    expect(deployment?.manifest.spec).toMatchObject({ strategy: owned });
  });

  test("labels and places every object and its pods; a template cannot claim another owner", () => {
    const foreign = { name: "api", labels: { tier: "web", "app.kubernetes.io/part-of": "bank" } };
    const [deployment] = assembled([
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: foreign,
        spec: { replicas: 1, template: { spec: {} } },
      },
    ]);
    expect(deployment?.manifest.metadata).toEqual({
      name: "api",
      namespace: "shop-fat",
      labels: { tier: "web", ...labels },
    });
    expect(deployment?.manifest.spec).toEqual({
      replicas: 1,
      paused: false,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: { spec: {}, metadata: { labels } },
    });
    const spec = { jobTemplate: { spec: { template: { spec: {} } } } };
    const [cron] = assembled([{ apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "api" }, spec }]);
    expect(cron?.manifest.spec).toEqual({
      jobTemplate: { spec: { template: { spec: {}, metadata: { labels } } } },
    });
  });

  test("names secrets and their versions, never values", () => {
    const [secret] = assembled([], { B: 2, A: 1 });
    expect(secret?.secretVersions).toEqual({ B: 2, A: 1 });
    expect(secret?.manifest.metadata.annotations).toEqual({ "refract.dev/secret-versions": '{"A":1,"B":2}' });
    expect(secret?.manifest.data).toBeUndefined();
  });

  test("applies in the order of what needs what", () => {
    const kinds = [
      "Ingress",
      "Deployment",
      "HorizontalPodAutoscaler",
      "Service",
      "ConfigMap",
      "ServiceAccount",
    ];
    const objects = assembled(
      kinds.map((kind) => ({ apiVersion: "v1", kind, metadata: { name: "api" } })),
      { A: 1 },
    );
    expect(applyOrder(objects).map(({ manifest }) => manifest.kind)).toEqual([
      "ServiceAccount",
      "ConfigMap",
      "Secret",
      "Service",
      "Deployment",
      "HorizontalPodAutoscaler",
      "Ingress",
    ]);
  });
});

describe("the diff", () => {
  test("says of each changed line and field where it comes from", () => {
    const pod = (image: string, env: object[]) => ({ containers: [{ name: "app", image, env }] });
    const before = { kind: "Deployment", spec: { replicas: 1, ...pod("r@1", [{ name: "A", value: "1" }]) } };
    const after = {
      kind: "Deployment",
      spec: {
        replicas: 1,
        ...pod("r@2", [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ]),
      },
    };
    const asked: string[] = [];
    const { lines, fields, added, removed } = diffObjects(before, after, (field) => {
      asked.push(field);
      return { source: "artifact", origin: asked.length };
    });
    expect([added, removed]).toEqual([3, 1]);
    expect(lines.filter(({ kind }) => kind !== "same").map(({ text }) => text.trim())).toEqual([
      "image: r@1",
      "- name: B",
      'value: "2"',
      "image: r@2",
    ]);
    expect(asked).toEqual([
      '.spec.containers[name="app"].image',
      '.spec.containers[name="app"].env[name="B"].name',
      '.spec.containers[name="app"].env[name="B"].value',
      '.spec.containers[name="app"].image',
      ...fields.map(({ field }) => field),
    ]);
    expect(fields.map(({ field, before: was, after: is }) => [field.slice(28), was, is])).toEqual([
      [".image", "r@1", "r@2"],
      ['.env[name="B"].name', null, "B"],
      ['.env[name="B"].value', null, "2"],
    ]);
    expect(lines[0]).toEqual({
      kind: "same",
      left: 1,
      right: 1,
      text: "kind: Deployment",
      source: null,
      origin: null,
    });
  });

  test("knows the field of every line, also within a text of several lines", () => {
    const text = "data:\n  a: |\n    one\n    two\n  b: x\nlist:\n  - 1\n  - k: v\n";
    expect(lineFields(text)).toEqual([
      ".data",
      ".data.a",
      ".data.a",
      ".data.a",
      ".data.b",
      ".list",
      ".list[0]",
      ".list[1].k",
    ]);
  });

  test("leaves out what the server and the deployment itself write", () => {
    const metadata = {
      name: "api",
      uid: "1",
      resourceVersion: "2",
      generation: 3,
      creationTimestamp: "now",
      managedFields: [],
      annotations: { "refract.dev/deployment": "x", "refract.dev/plan": "y", kept: "z" },
    };
    expect(
      normalize({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" }, status: {} }),
    ).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "api", annotations: { kept: "z" } },
      data: { a: "1" },
    });
  });

  test("shows a secret's version and never its value", () => {
    const data = { DB_PASSWORD: "aHVudGVyMg==", OTHER: "c2VjcmV0" };
    const annotations = { "refract.dev/secret-versions": '{"DB_PASSWORD":2}' };
    const live = { apiVersion: "v1", kind: "Secret", metadata: { name: "api-secrets", annotations }, data };
    const text = reviewText(live) + reviewText(live, { DB_PASSWORD: 3 });
    expect(text).toContain("DB_PASSWORD: (version 2)");
    expect(text).toContain("OTHER: (unknown)");
    expect(text).toContain("DB_PASSWORD: (version 3)");
    expect(text).not.toMatch(/aHVudGVyMg|c2VjcmV0/);
    // `kubectl apply` of the old kind leaves a copy of everything; and what others wrote is no version of ours.
    const copied = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ data }) };
    const managedFields = [
      { manager: "refract", operation: "Apply", fieldsV1: { "f:data": { "f:OTHER": {} } } },
      { manager: "kubectl-edit", operation: "Update", fieldsV1: { "f:data": { "f:DB_PASSWORD": {} } } },
    ];
    const metadata = { ...live.metadata, annotations: { ...annotations, ...copied }, managedFields };
    const edited = reviewText({ ...live, metadata });
    expect(edited).toContain("DB_PASSWORD: (unknown)");
    expect(edited).not.toMatch(/last-applied|aHVudGVyMg|c2VjcmV0/);
    // A dry run without values answers in another order than what is stored.
    const { data: _values, ...dry } = { ...live, data: { DB_PASSWORD: "aHVudGVyMg==" }, type: "Opaque" };
    const stored = { ...live, data: { DB_PASSWORD: "aHVudGVyMg==" }, type: "Opaque" };
    expect(reviewText(dry, { DB_PASSWORD: 2 })).toBe(reviewText(stored));
  });
});

const whole = { phase: "apply" as const, takeOver: [] };
const inputs: PlanInputs = {
  kind: "deploy",
  release: "R-1",
  environment: "FAT",
  sourceDeployment: null,
  sources: [],
  images: [{ component: "api", image: "r/shop/api:R-1", digest: "sha256:1" }],
  targets: [{ cluster: "one", namespace: "shop-fat", wave: 1 }],
  templates: [{ component: "api", templateId: "t", name: "web", version: 1 }],
  configs: [{ component: "api", version: 1, secrets: { A: 1 } }],
  components: [{ component: "api", name: "API", kind: "service", port: 8080 }],
  strategies: [],
  choices: [],
  prune: [],
  manifests: "m",
};

describe("the digest", () => {
  test("is the same for the same inputs in another order of members, and another for any change", () => {
    const digest = planDigest(inputs);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(planDigest(Object.fromEntries(Object.entries(inputs).reverse()) as PlanInputs)).toBe(digest);
    const changes: Partial<PlanInputs>[] = [
      { kind: "rollback" },
      { release: "R-2" },
      { images: [{ component: "api", image: "r/shop/api:R-1", digest: "sha256:2" }] },
      { configs: [{ component: "api", version: 1, secrets: { A: 2 } }] },
      { prune: ["one/shop-fat: Ingress api"] },
      { manifests: "n" },
    ];
    const digests = changes.map((change) => planDigest({ ...inputs, ...change }));
    expect(new Set([digest, ...digests]).size).toBe(changes.length + 1);
  });

  test("two plans are compared part by part", () => {
    const after: PlanInputs = {
      ...inputs,
      images: [{ component: "api", image: "r/shop/api:R-1", digest: "sha256:2" }],
      targets: [...inputs.targets, { cluster: "two", namespace: "shop-fat", wave: 2 }],
      templates: [{ component: "api", templateId: "t", name: "web", version: 2 }],
      configs: [{ component: "api", version: 2, secrets: {} }],
      strategies: [
        {
          component: "api",
          strategy: { kind: "recreate" },
          checks: [{ kind: "http", name: "up", path: "/", expectStatus: 200, timeoutSeconds: 30 }],
        },
      ],
      choices: [
        {
          cluster: "one",
          namespace: "shop-fat",
          object: "Deployment api",
          field: ".spec.replicas",
          manager: "kubectl-edit",
          choice: "leave",
        },
      ],
      manifests: "n",
    };
    expect(comparePlans(inputs, inputs)).toEqual([]);
    expect(
      comparePlans(inputs, after).map(({ part, subject, before, after: now }) => [
        part,
        subject,
        before,
        now,
      ]),
    ).toEqual([
      ["image", "api", "r/shop/api:R-1@sha256:1", "r/shop/api:R-1@sha256:2"],
      ["template", "api", "web v1 (t)", "web v2 (t)"],
      ["config", "api", "v1", "v2"],
      ["secret", "api/A", "v1", null],
      ["strategy", "api", null, "recreate"],
      [
        "check",
        "api/up",
        null,
        '{"expectStatus":200,"kind":"http","name":"up","path":"/","timeoutSeconds":30}',
      ],
      ["choice", "one/shop-fat: Deployment api .spec.replicas (kubectl-edit)", null, "leave"],
      ["target", "two/shop-fat", null, "wave 2"],
    ]);
    expect(comparePlans(inputs, { ...inputs, manifests: "n" })).toMatchObject([{ part: "manifests" }]);
  });
});

test.each([
  ["127.0.0.1:5000/shop/api:R-1", "127.0.0.1:5000", "shop/api", "R-1"],
  ["harbor.example.com/a/b/c", "harbor.example.com", "a/b/c", null],
  ["r/shop/api:R-1@sha256:abc", "r", "shop/api", "R-1"],
])("%s", (image, host, path, tag) => {
  expect(parseImage(image)).toEqual({ host, path, tag });
  expect(pinnedImage(image, "sha256:f")).toBe(`${host}/${path}@sha256:f`);
});

describe("the gate", () => {
  const open: GateFacts = {
    kind: "deploy",
    releaseId: "r1",
    releaseState: "built",
    environment: { key: "PROD" },
    stage: { id: "s", version: 1, state: "entered" },
    previous: { environment: "FAT", state: "passed" },
    holder: null,
    freeze: null,
    undone: [],
    findings: [],
    missing: [],
  };
  const holder = {
    reservationId: "h",
    releaseId: "r2",
    releaseNumber: "R-2",
    heldBy: { id: "u", username: "tester", displayName: "Tester" },
    since: new Date(0),
    until: null,
  };
  const freeze = { id: "f", reason: "year end", startsAt: new Date(0), endsAt: new Date(1), global: false };
  const waiting = { id: "s", version: 1, state: "waiting" as const };
  test.each<[string, Partial<GateFacts>, string[]]>([
    ["open", {}, []],
    ["failed may be tried again", { stage: { ...waiting, state: "failed" } }, []],
    ["waiting", { stage: waiting }, ["STAGE_NOT_ENTERED"]],
    [
      "everything at once",
      {
        releaseState: "draft",
        stage: waiting,
        previous: { environment: "FAT", state: "testing" },
        holder,
        freeze,
      },
      ["RELEASE_NOT_BUILT", "STAGE_NOT_ENTERED", "PREVIOUS_NOT_PASSED", "ENVIRONMENT_HELD", "FROZEN"],
    ],
    ["over", { stage: { ...waiting, state: "superseded" } }, ["STAGE_NOT_DEPLOYABLE"]],
    ["off the path", { stage: null }, ["ENVIRONMENT_NOT_ON_PATH"]],
    ["held for itself", { holder: { ...holder, releaseId: "r1" } }, []],
    ["a rollback has no way", { kind: "rollback", stage: waiting, releaseState: "released" }, []],
    ["a rollback of the holder", { kind: "rollback", holder, undone: ["r2"] }, []],
    ["a rollback beside a holder", { kind: "rollback", holder, undone: ["r3"] }, ["ENVIRONMENT_HELD"]],
    ["a rollback in a freeze", { kind: "rollback", freeze }, ["FROZEN"]],
  ])("%s", (_name, change, codes) => {
    const blockers = gateBlockers({ ...open, ...change });
    expect(blockers.map(({ code }) => code)).toEqual(codes);
  });
});

describe("a plan that takes no more words", () => {
  const at = (state: StageState) => ({ id: "s", version: 1, state });
  const way = { kind: "deploy" as const, releaseState: "built", environment: { key: "PROD" } };
  test.each<[StageState, string[]]>([
    ["waiting", []],
    ["entered", []],
    ["deploying", []],
    ["failed", []],
    ["testing", []],
    ["passed", ["STAGE_NOT_DEPLOYABLE"]],
    ["rejected", ["STAGE_NOT_DEPLOYABLE"]],
    ["rolled_back", ["STAGE_NOT_DEPLOYABLE"]],
    ["superseded", ["STAGE_NOT_DEPLOYABLE"]],
  ])("%s", (state, codes) => {
    expect(overBlockers({ ...way, stage: at(state) }).map(({ code }) => code)).toEqual(codes);
    expect(overBlockers({ ...way, kind: "rollback", stage: at(state) })).toEqual([]);
  });

  test("of a release order that was given up, wherever it was", () => {
    const given = overBlockers({ ...way, releaseState: "abandoned", stage: at("waiting") });
    expect(given).toMatchObject([{ code: "RELEASE_NOT_BUILT", facts: { state: "abandoned" }, liftedBy: [] }]);
    expect(overBlockers({ ...way, releaseState: "building", stage: at("entered") })).toEqual([]);
  });
});

describe("a rollback's plan", () => {
  const target: TargetFacts = {
    id: "t1",
    clusterId: "c1",
    cluster: "one",
    namespace: "shop-fat",
    wave: 1,
    createNamespace: true,
    inventory: [
      {
        component: "api",
        ref: { apiVersion: "v1", kind: "ConfigMap", name: "new-one", namespace: "shop-fat" },
      },
    ],
  };
  const manifest = (kind: string, name: string) => ({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace: "shop-fat" },
  });
  const manifests: PlanManifests = {
    targets: [
      {
        targetId: "t1",
        cluster: "one",
        namespace: "shop-fat",
        wave: 1,
        createNamespace: true,
        objects: [
          { component: "api", manifest: manifest("ConfigMap", "api-config"), ...whole },
          {
            component: "api",
            manifest: manifest("Secret", "api-secrets"),
            secretVersions: { A: 1 },
            ...whole,
          },
          { component: "web", manifest: manifest("ConfigMap", "web-config"), ...whole },
        ],
        canaries: [],
        steps: STANDARD_STEPS,
        prune: [],
      },
    ],
  };
  const rollback = (secrets: Record<string, number>, targets = [target]) =>
    assembleRollback({
      sources: [{ component: "api", deployment: "d1", release: "R-1" }],
      stored: [{ id: "d1", inputs, manifests }],
      targets,
      secrets: { api: secrets },
    });

  test("takes the component's manifests as they were and deletes what came since", () => {
    const { manifests: found, blockers, checks, inputs: made } = rollback({ A: 1 });
    expect([blockers, checks]).toEqual([[], []]);
    const [only] = found.targets;
    expect(only?.objects.map(({ manifest: { metadata } }) => metadata.name)).toEqual([
      "api-config",
      "api-secrets",
    ]);
    expect(only?.objects[0]?.manifest).toEqual(manifest("ConfigMap", "api-config"));
    expect(made).toMatchObject({
      kind: "rollback",
      sourceDeployment: "d1",
      prune: ["one/shop-fat: ConfigMap new-one"],
    });
  });

  test("uses today's secrets and says so; one that is gone blocks, and so does a target without history", () => {
    expect(rollback({ A: 4 })).toMatchObject({ checks: [{ code: "SECRET_NEWER" }], blockers: [] });
    expect(rollback({ A: 4 }).manifests.targets[0]?.objects[1]?.secretVersions).toEqual({ A: 4 });
    expect(rollback({}).blockers.map(({ code }) => code)).toEqual(["SECRET_GONE"]);
    expect(rollback({ A: 1 }, [{ ...target, id: "t2" }]).blockers.map(({ code }) => code)).toEqual([
      "TARGET_WITHOUT_HISTORY",
    ]);
  });
});
