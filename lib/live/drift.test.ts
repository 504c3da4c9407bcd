import { describe, expect, test } from "vitest";
import type { Manifest } from "#lib/adapters/ports.ts";
import { driftOf } from "./drift.ts";

const deployment = (spec: Record<string, unknown>, managedFields: unknown[] = []): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "api", managedFields },
  spec,
});

describe("drift", () => {
  test("what the server filled in or writes another way is none", () => {
    const expected = deployment({
      replicas: 1,
      template: {
        spec: {
          containers: [{ name: "app", env: [], resources: { limits: { cpu: "0.5", memory: "1024Mi" } } }],
        },
      },
    });
    const live = deployment({
      replicas: 1,
      strategy: { type: "RollingUpdate" },
      template: {
        spec: {
          containers: [{ name: "app", resources: { limits: { cpu: "500m", memory: "1Gi" } }, image: "x" }],
        },
      },
    });
    expect(driftOf(expected, live)).toEqual([]);
  });

  test("a changed field names its owner, elements are found by their names", () => {
    const expected = deployment({
      replicas: 1,
      template: {
        spec: {
          containers: [
            { name: "app", image: "a" },
            { name: "side", image: "b" },
          ],
        },
      },
    });
    const live = deployment(
      {
        replicas: 5,
        template: {
          spec: {
            containers: [
              { name: "side", image: "c" },
              { name: "app", image: "a" },
            ],
          },
        },
      },
      [
        { manager: "refract", fieldsV1: { "f:spec": { "f:replicas": {} } } },
        { manager: "autoscaler", fieldsV1: { "f:spec": { "f:replicas": {} } } },
        {
          manager: "kubectl-edit",
          fieldsV1: {
            "f:spec": {
              "f:template": { "f:spec": { "f:containers": { 'k:{"name":"side"}': { "f:image": {} } } } },
            },
          },
        },
      ],
    );
    expect(driftOf(expected, live)).toEqual([
      { field: ".spec.replicas", expected: "1", actual: "5", manager: "autoscaler" },
      {
        field: ".spec.template.spec.containers[name=side].image",
        expected: "b",
        actual: "c",
        manager: "kubectl-edit",
      },
    ]);
  });

  test("a removed element is one difference", () => {
    const expected = deployment({ template: { spec: { containers: [{ name: "app", image: "a" }] } } });
    const live = deployment({ template: { spec: { containers: [] } } });
    expect(driftOf(expected, live)).toMatchObject([
      { field: ".spec.template.spec.containers[name=app]", actual: "", manager: null },
    ]);
  });
});
