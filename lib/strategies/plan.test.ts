import { describe, expect, test } from "vitest";
import { assembleComponent, type PlannedObject } from "#lib/plans/assemble.ts";
import { STANDARD_STEPS, type StepSpec } from "#lib/plans/content.ts";
import { planRestore, planStrategies } from "./plan.ts";
import type { Running } from "./running.ts";
import { canaryReplicas, type Strategy } from "./schema.ts";

type Json = Record<string, unknown>;
const place = { project: "shop", environment: "FAT", release: "R-1", namespace: "shop-fat", secrets: {} };
const template = (kind: string, spec: Json = {}, name = "api") => ({
  apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
  kind,
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image: "api:1" }] },
    },
    ...spec,
  },
});
const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "api-config" }, data: {} };
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "api", annotations: { "example.com/public": "yes" } },
  spec: { type: "NodePort", selector: { app: "api" }, ports: [{ port: 80, nodePort: 30080 }] },
};
const scaler = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "api" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
    minReplicas: 4,
    maxReplicas: 9,
  },
};
const budget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "api" },
  spec: { maxUnavailable: 1, selector: { matchLabels: { app: "api" } } },
};
const assembled = (rendered: Parameters<typeof assembleComponent>[0]["rendered"], component = "api") =>
  assembleComponent({ ...place, component, rendered });
const usual = () => assembled([config, service, template("Deployment", { replicas: 3 }), budget]);
const person = { kind: "person" } as const;
const canary: Strategy = {
  kind: "canary",
  steps: [
    { percent: 10, wait: { kind: "none" } },
    { percent: 50, wait: person },
  ],
};
const blueGreen: Strategy = { kind: "blue_green", wait: person };

const plan = (
  strategy: Strategy,
  input: { objects?: PlannedObject[]; running?: Running[]; inventory?: PlannedObject[] } = {},
) =>
  planStrategies({
    objects: input.objects ?? usual(),
    components: [{ key: "api", strategy }],
    running: input.running ?? [],
    inventory: (input.inventory ?? []).map(({ component, manifest: { kind, metadata } }) => ({
      component,
      ref: { kind, name: metadata.name },
    })),
  });
const asRunning = (objects: readonly PlannedObject[]): Running[] => [
  {
    targetId: "t",
    component: "api",
    deployment: "d",
    plan: "p",
    manifests: objects.map(({ manifest }) => manifest),
  },
];
const names = (steps: readonly StepSpec[]) =>
  steps.map(({ name, input }) => (input?.wait ? `${name} ${input.wait.kind}` : name)).join(", ");
const phases = (objects: readonly PlannedObject[]) =>
  Object.fromEntries(
    objects.map(({ manifest, phase }) => [`${manifest.kind} ${manifest.metadata.name}`, phase]),
  );
const find = (objects: readonly { manifest: PlannedObject["manifest"] }[], kind: string, name?: string) => {
  const found = objects.find(
    ({ manifest }) => manifest.kind === kind && (!name || manifest.metadata.name === name),
  );
  if (!found) throw new Error(`no ${kind} ${name ?? ""}`);
  return found.manifest;
};
const SWITCHED = "dry_run, apply, roll_out, switch, verify, clean_up";

describe("rolling and recreate", () => {
  test("rolling changes nothing", () => {
    const objects = usual();
    const planned = plan({ kind: "rolling" }, { objects, running: asRunning(objects), inventory: objects });
    expect(planned).toEqual({ objects, canaries: [], steps: STANDARD_STEPS, problems: [], checks: [] });
  });

  test("recreate is in the Deployment, where the plan shows it", () => {
    const { objects, steps } = plan({ kind: "recreate" });
    expect(find(objects, "Deployment").spec).toMatchObject({ replicas: 3, strategy: { type: "Recreate" } });
    expect(steps).toEqual(STANDARD_STEPS);
  });

  test.each([
    ["StatefulSet", [template("StatefulSet"), template("Deployment", {}, "other")]],
    ["DaemonSet", [template("DaemonSet")]],
    ["Job", [template("Job")]],
  ])("%s goes out by rolling only, and the plan says so", (kind, rendered) => {
    for (const strategy of [{ kind: "recreate" } as const, canary, blueGreen]) {
      const { problems, steps } = plan(strategy, { objects: assembled(rendered) });
      expect(problems).toMatchObject([
        { code: "STRATEGY_NOT_POSSIBLE", facts: { component: "api", strategy: strategy.kind, kind } },
      ]);
      expect(steps).toEqual(STANDARD_STEPS);
    }
  });

  test("a component without workloads has nothing to object to", () => {
    expect(plan(canary, { objects: assembled([config]) })).toMatchObject({ problems: [], checks: [] });
  });
});

describe("canary", () => {
  test.each([
    [1, 10, 1],
    [3, 50, 3],
    [9, 10, 1],
    [10, 10, 2],
    [10, 25, 4],
    [100, 1, 2],
    [0, 10, 1],
  ])("of %i pods %i%% is %i", (stable, percent, expected) => {
    expect(canaryReplicas(stable, percent)).toBe(expected);
  });

  test("stands beside the stable one, which is written when it is promoted", () => {
    const objects = usual();
    const planned = plan(canary, { objects, running: asRunning(objects) });
    expect(names(planned.steps)).toBe(
      "dry_run, apply, canary, canary, wait person, promote, roll_out, clean_up, verify",
    );
    expect(planned.steps.flatMap(({ input }) => input?.canaries ?? [])).toEqual([
      { component: "api", percent: 10, replicas: 1 },
      { component: "api", percent: 50, replicas: 3 },
    ]);
    expect(phases(planned.objects)).toEqual({
      "ConfigMap api-config": "apply",
      "Service api": "apply",
      "Deployment api": "promote",
      "PodDisruptionBudget api": "promote",
    });
    const track = { "refract.dev/track": "canary" };
    expect(planned.canaries).toHaveLength(1);
    expect(planned.canaries[0]?.manifest).toMatchObject({
      metadata: { name: "api-canary", labels: track },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "api", ...track } },
        template: {
          metadata: { labels: { app: "api", ...track } },
          spec: { containers: [{ image: "api:1" }] },
        },
      },
    });
    expect(JSON.stringify(planned.objects)).not.toContain("track");
  });

  test("is measured by the autoscaler's least number where the Deployment has none", () => {
    const objects = assembled([service, template("Deployment"), scaler]);
    const planned = plan(canary, { objects, running: asRunning(objects) });
    expect(planned.steps.flatMap(({ input }) => input?.canaries ?? [])).toMatchObject([
      { replicas: 1 },
      { replicas: 4 },
    ]);
    expect(phases(planned.objects)).toMatchObject({ "HorizontalPodAutoscaler api": "promote" });
  });

  test("the first deployment, and one without a stable one of that name, goes in one go and says so", () => {
    const first = plan(canary);
    expect(first).toMatchObject({ steps: STANDARD_STEPS, canaries: [] });
    expect(first.checks).toMatchObject([{ code: "CANARY_FIRST_DEPLOYMENT", facts: { component: "api" } }]);
    const other = asRunning(assembled([template("Deployment", {}, "older")]));
    expect(plan(canary, { running: other })).toMatchObject({
      steps: STANDARD_STEPS,
      checks: [{ code: "CANARY_WITHOUT_STABLE" }],
    });
  });

  test("several grow side by side; their waits are one after the other, a person last", () => {
    const objects = [...usual(), ...assembled([template("Deployment", { replicas: 10 }, "web")], "web")];
    const seconds = (value: number) => ({ kind: "seconds" as const, seconds: value });
    const planned = planStrategies({
      objects,
      components: [
        { key: "api", strategy: { kind: "canary", steps: [{ percent: 20, wait: person }] } },
        {
          key: "web",
          strategy: {
            kind: "canary",
            steps: [
              { percent: 10, wait: seconds(30) },
              { percent: 30, wait: { kind: "checks" } },
            ],
          },
        },
      ],
      running: ["api", "web"].map((component) => ({
        targetId: "t",
        deployment: "d",
        plan: "p",
        component,
        manifests: objects.map(({ manifest }) => manifest),
      })),
      inventory: [],
    });
    expect(names(planned.steps)).toBe(
      "dry_run, apply, canary, wait seconds, wait person, canary, wait checks, promote, roll_out, clean_up, verify",
    );
    expect(planned.steps.filter(({ name }) => name === "canary").map(({ input }) => input?.canaries)).toEqual(
      [
        [
          { component: "api", percent: 20, replicas: 1 },
          { component: "web", percent: 10, replicas: 2 },
        ],
        [
          { component: "api", percent: 20, replicas: 1 },
          { component: "web", percent: 30, replicas: 5 },
        ],
      ],
    );
  });
});

describe("blue and green", () => {
  test("the first is blue; the Service follows when it is up, and a preview shows it before", () => {
    const planned = plan(blueGreen, { objects: [...usual(), ...assembled([scaler])] });
    expect(names(planned.steps)).toBe("dry_run, apply, roll_out, wait person, switch, verify, clean_up");
    expect(phases(planned.objects)).toEqual({
      "ConfigMap api-config": "apply",
      "Service api": "switch",
      "Service api-preview": "apply",
      "Deployment api-blue": "apply",
      "PodDisruptionBudget api": "switch",
      "HorizontalPodAutoscaler api": "switch",
    });
    const blue = { "refract.dev/color": "blue" };
    expect(find(planned.objects, "Deployment")).toMatchObject({
      metadata: { labels: blue },
      spec: { selector: { matchLabels: { app: "api", ...blue } }, template: { metadata: { labels: blue } } },
    });
    expect(find(planned.objects, "Service", "api").spec).toMatchObject({
      type: "NodePort",
      selector: { app: "api", ...blue },
    });
    const preview = find(planned.objects, "Service", "api-preview");
    expect(preview.spec).toEqual({ selector: { app: "api", ...blue }, ports: [{ port: 80 }] });
    expect(preview.metadata.annotations).toBeUndefined();
    expect(find(planned.objects, "HorizontalPodAutoscaler").spec).toMatchObject({
      scaleTargetRef: { name: "api-blue" },
    });
    expect(find(planned.objects, "PodDisruptionBudget").spec).toMatchObject({
      selector: { matchLabels: { app: "api", ...blue } },
    });
    expect(planned.checks).toEqual([]);
  });

  test("the other colour each time; what a failure left does not count", () => {
    const blue = plan(blueGreen).objects;
    const green = plan(blueGreen, { running: asRunning(blue) }).objects;
    expect(find(green, "Deployment").metadata.name).toBe("api-green");
    const again = plan(blueGreen, { running: asRunning(blue), inventory: [...blue, ...green] });
    expect(find(again.objects, "Deployment").metadata.name).toBe("api-green");
    const back = plan(blueGreen, { running: asRunning(green), inventory: green });
    expect(find(back.objects, "Deployment").metadata.name).toBe("api-blue");
  });

  test("over a plain Deployment it warns that both serve this once", () => {
    const planned = plan(blueGreen, { running: asRunning(usual()) });
    expect(planned.checks).toMatchObject([
      { code: "COLORS_BEGIN", state: "warning", facts: { color: "blue" } },
    ]);
  });
});

describe("from one strategy to the other", () => {
  const coloured = () => plan(blueGreen).objects;
  const rows: [string, Strategy, PlannedObject[], string, string, string][] = [
    [
      "rolling -> recreate",
      { kind: "recreate" },
      usual(),
      "dry_run, apply, roll_out, verify",
      "apply",
      "apply",
    ],
    [
      "rolling -> canary",
      canary,
      usual(),
      "dry_run, apply, canary, canary, wait person, promote, roll_out, clean_up, verify",
      "promote",
      "apply",
    ],
    [
      "rolling -> blue/green",
      blueGreen,
      usual(),
      "dry_run, apply, roll_out, wait person, switch, verify, clean_up",
      "apply",
      "switch",
    ],
    ["blue/green -> rolling", { kind: "rolling" }, coloured(), SWITCHED, "apply", "switch"],
    ["blue/green -> recreate", { kind: "recreate" }, coloured(), SWITCHED, "apply", "switch"],
    ["blue/green -> canary", canary, coloured(), SWITCHED, "apply", "switch"],
    [
      "blue/green -> blue/green",
      blueGreen,
      coloured(),
      "dry_run, apply, roll_out, wait person, switch, verify, clean_up",
      "apply",
      "switch",
    ],
  ];
  test.each(rows)("%s", (_name, strategy, before, steps, deployment, traffic) => {
    const planned = plan(strategy, { running: asRunning(before), inventory: before });
    expect(names(planned.steps)).toBe(steps);
    const found = planned.objects.find(({ manifest }) => manifest.kind === "Deployment");
    expect(found?.phase).toBe(deployment);
    expect(phases(planned.objects)["Service api"]).toBe(traffic);
  });

  test("a colour that a failed first attempt left is handed over from, too", () => {
    const left = [...usual(), ...coloured()];
    const planned = plan({ kind: "rolling" }, { running: asRunning(usual()), inventory: left });
    expect(names(planned.steps)).toBe(SWITCHED);
  });
});

describe("going back", () => {
  const restore = (objects: PlannedObject[], running: PlannedObject[]) =>
    planRestore({
      objects,
      inventory: running.map(({ component, manifest: { kind, metadata } }) => ({
        component,
        ref: { kind, name: metadata.name },
      })),
    });
  test("what a canary brought goes back in one go", () => {
    const objects = plan(canary, { running: asRunning(usual()) }).objects;
    const { steps, objects: back } = restore(objects, usual());
    expect(steps).toEqual(STANDARD_STEPS);
    expect(new Set(back.map(({ phase }) => phase))).toEqual(new Set(["apply"]));
  });

  test("to the other colour, and to and from plain: the traffic follows what is up", () => {
    const blue = plan(blueGreen).objects;
    const green = plan(blueGreen, { running: asRunning(blue) }).objects;
    for (const [to, from] of [
      [blue, green],
      [usual(), blue],
      [blue, usual()],
      [blue, blue],
    ] as const) {
      const { steps, objects } = restore([...to], [...from]);
      expect(names(steps)).toBe(SWITCHED);
      expect(phases(objects)["Service api"]).toBe("switch");
      expect(objects.find(({ manifest }) => manifest.kind === "Deployment")?.phase).toBe("apply");
      expect(objects.map(({ manifest }) => manifest)).toEqual(to.map(({ manifest }) => manifest));
    }
  });
});
