import { expect, test } from "vitest";
import { candidateOf, plannedName, sameQuantity } from "./adoption.ts";

const drift = (field: string, actual: string, object = "Deployment api") => ({
  object,
  component: "api",
  kind: "changed" as const,
  field,
  expected: "1",
  actual,
  manager: "kubectl-edit",
});
const resource = (part: string) => `.spec.template.spec.containers[name=api].resources.${part}`;

test.each([
  [".spec.replicas", "3", "replicas"],
  [".spec.replicas", "0", "replicas"],
  [resource("requests.cpu"), "250m", "cpuRequest"],
  [resource("limits.cpu"), "2", "cpuLimit"],
  [resource("requests.memory"), "256Mi", "memoryRequest"],
  [resource("limits.memory"), "1Gi", "memoryLimit"],
])("%s = %s is the config's %s", (field, actual, name) => {
  expect(candidateOf(drift(field, actual))).toMatchObject({ name, value: actual });
});

test.each([
  ["what was removed is no value", drift(".spec.replicas", "")],
  ["more pods than a config may ask for", drift(".spec.replicas", "51")],
  [
    "replicas of something that has none of ours",
    drift(".spec.replicas", "3", "HorizontalPodAutoscaler api"),
  ],
  ["no quantity", drift(resource("limits.cpu"), "a lot")],
  ["less than a byte", drift(resource("limits.memory"), "256m")],
  ["nothing at all", drift(resource("requests.cpu"), "0")],
  ["another resource", drift(resource("limits.ephemeral-storage"), "1Gi")],
  ["an init container", drift(".spec.template.spec.initContainers[name=a].resources.limits.cpu", "1")],
  ["an image", drift(".spec.template.spec.containers[name=api].image", "nginx")],
  ["an object that is gone", { ...drift(".spec.replicas", "3"), kind: "missing" as const }],
])("nothing to adopt: %s", (_, given) => {
  expect(candidateOf(given)).toBeNull();
});

test("a quantity is the same however it is written", () => {
  expect(sameQuantity("0.5", "500m")).toBe(true);
  expect(sameQuantity("1Gi", "1024Mi")).toBe(true);
  expect(sameQuantity("1", "2")).toBe(false);
  expect(sameQuantity("x", "y")).toBe(false);
});

test("plans write the keys of lists in quotes", () => {
  expect(plannedName(resource("limits.cpu"))).toBe(
    '.spec.template.spec.containers[name="api"].resources.limits.cpu',
  );
  expect(plannedName(".spec.replicas")).toBe(".spec.replicas");
});
