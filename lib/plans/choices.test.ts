import { describe, expect, test } from "vitest";
import { autoscalerChecks, autoscalersOf, fixedReplicas } from "./autoscalers.ts";
import { orderedChoices, pointless, sameChoices, saysAll, settleChoices, withChoices } from "./choices.ts";
import { type ConflictChoice, type PlanManifests, STANDARD_STEPS } from "./content.ts";

const place = { cluster: "one", namespace: "shop-fat" };
const choice = (
  field: string,
  word: ConflictChoice["choice"],
  more: Partial<ConflictChoice> = {},
): ConflictChoice => ({
  ...place,
  object: "Deployment api",
  field,
  manager: "kubectl-edit",
  choice: word,
  ...more,
});
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "api", namespace: "shop-fat" },
  spec: { replicas: 3, template: { spec: { containers: [{ name: "app", image: "r@1" }] } } },
};
const planned = (...objects: PlanManifests["targets"][number]["objects"][number]["manifest"][]) => ({
  targetId: "t",
  ...place,
  wave: 1,
  createNamespace: true,
  objects: objects.map((manifest) => ({
    component: "api",
    manifest,
    phase: "apply" as const,
    takeOver: [],
  })),
  canaries: [],
  steps: STANDARD_STEPS,
  prune: [],
});
const image = '.spec.template.spec.containers[name="app"].image';

describe("choices about fields of others", () => {
  test("leaving takes the field out there alone; taking over names it; the plan before stays as it was", () => {
    const elsewhere = { ...planned(deployment), targetId: "u", cluster: "two" };
    const manifests = { targets: [planned(deployment), elsewhere] };
    const { targets } = withChoices(manifests, [
      choice(image, "leave"),
      choice(".spec.replicas", "take_over"),
    ]);
    expect(targets[0]?.objects[0]).toMatchObject({
      manifest: { spec: { replicas: 3, template: { spec: { containers: [{ name: "app" }] } } } },
      takeOver: [{ field: ".spec.replicas", manager: "kubectl-edit" }],
    });
    expect(JSON.stringify(targets[0])).not.toContain("r@1");
    expect(targets[1]).toEqual(elsewhere);
    expect(JSON.stringify(manifests.targets[0])).toContain("r@1");
    expect(withChoices(manifests, [])).toBe(manifests);
  });

  test("are the same in any order, and the last word about one conflict counts", () => {
    const [a, b] = [choice(image, "leave"), choice(".spec.replicas", "take_over")];
    expect(orderedChoices([a, b])).toEqual(orderedChoices([b, a]));
    expect(orderedChoices([{ ...a, choice: "take_over" }, a])).toEqual([a]);
    expect(sameChoices([a, b], [b, a])).toBe(true);
    expect(sameChoices([a], [{ ...a, choice: "take_over" }])).toBe(false);
    expect(saysAll([a, b], [a])).toBe(true);
    expect(saysAll([a], [a, b])).toBe(false);
  });

  test("what meets no conflict any more is dropped and told; what cannot be asked stands", () => {
    const [met, gone] = [choice(image, "leave"), choice(".spec.replicas", "take_over")];
    const unasked = choice(image, "leave", { cluster: "two" });
    const otherOwner = choice(image, "leave", { manager: "argocd" });
    const { standing, checks } = settleChoices(
      [met, gone, unasked, otherOwner],
      [{ ...place, object: "Deployment api", field: image, manager: "kubectl-edit" }],
      [{ cluster: "two", namespace: "shop-fat" }],
    );
    expect(standing).toEqual([met, unasked]);
    expect(checks.map(({ code, facts }) => [code, facts.field, facts.manager])).toEqual([
      ["CHOICE_DROPPED", ".spec.replicas", "kubectl-edit"],
      ["CHOICE_DROPPED", image, "argocd"],
    ]);
  });

  test("an autoscaler's field is not taken over", () => {
    const manager = "HorizontalPodAutoscaler api";
    expect(pointless([choice(".spec.replicas", "leave", { manager }), choice(image, "take_over")])).toEqual(
      [],
    );
    expect(pointless([choice(".spec.replicas", "take_over", { manager })]).map(({ code }) => code)).toEqual([
      "TAKE_OVER_POINTLESS",
    ]);
  });
});

describe("autoscalers", () => {
  const scaler = (name: string, target: string, range: object = { maxReplicas: 5 }) => ({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target }, ...range },
  });

  test.each([
    ["one of the plan", [deployment, scaler("api", "api")], [], ["api"]],
    ["a live one", [deployment], [scaler("live", "api")], ["live"]],
    ["one of something else", [deployment], [scaler("live", "other")], []],
    ["one that the plan points elsewhere", [deployment, scaler("api", "other")], [scaler("api", "api")], []],
    [
      "no fixed number",
      [{ ...deployment, spec: { template: deployment.spec.template } }],
      [scaler("live", "api")],
      [],
    ],
  ])("%s", (_name, objects, live, names) => {
    const target = planned(...objects);
    const found = fixedReplicas(target.objects, autoscalersOf(target, live));
    expect(found.map(({ autoscaler }) => autoscaler.name)).toEqual(names);
    for (const { replicas, autoscaler } of found) expect([replicas, autoscaler.min]).toEqual([3, 1]);
  });

  test("that the plan deletes is gone", () => {
    const ref = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: "api" };
    const target = { ...planned(deployment), prune: [{ component: "api", ref }] };
    expect(autoscalersOf(target, [scaler("api", "api")])).toEqual([]);
  });

  test("that scale nothing or have an empty range are warned of, where the plan brings them", async () => {
    const target = planned(
      deployment,
      scaler("fine", "api"),
      scaler("void", "gone", { minReplicas: 6, maxReplicas: 5 }),
      scaler("live", "there"),
    );
    const asked: string[] = [];
    const checks = await autoscalerChecks(
      target,
      autoscalersOf(target, [scaler("x", "gone")]),
      async ({ name }) => {
        asked.push(name);
        return name === "there";
      },
    );
    expect(checks.map(({ code, facts }) => [code, facts.autoscaler])).toEqual([
      ["AUTOSCALER_RANGE", "void"],
      ["AUTOSCALER_TARGET_MISSING", "void"],
    ]);
    expect(asked).toEqual(["gone", "there"]);
  });
});
