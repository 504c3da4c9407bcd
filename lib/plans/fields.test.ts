import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { manifestSchema } from "./content.ts";
import { fieldValue, leavesOf, withoutField } from "./field-path.ts";
import { droppedFields, otherOwners } from "./managed-fields.ts";

const object = {
  kind: "Deployment",
  metadata: { labels: { "app.kubernetes.io/name": "api", app: "x" }, finalizers: ["a/b", "c"] },
  spec: {
    replicas: 3,
    containers: [
      {
        name: "api",
        image: "r@1",
        args: ["--a", "--b"],
        ports: [{ containerPort: 8080 }, { containerPort: 9090, protocol: "TCP" }],
        env: [
          { name: "A", value: "1" },
          { name: "odd]", value: "2" },
        ],
      },
    ],
  },
};

describe("a field as the server names it", () => {
  test.each<[string, unknown]>([
    [".spec.replicas", 3],
    [".metadata.labels.app.kubernetes.io/name", "api"],
    [".metadata.labels.app", "x"],
    ['.spec.containers[name="api"].image', "r@1"],
    ['.spec.containers[name="api"].env[name="odd]"].value', "2"],
    ['.spec.containers[name="api"].ports[containerPort=8080,protocol="TCP"].containerPort', 8080],
    ['.spec.containers[name="api"].ports[containerPort=9090,protocol="TCP"].protocol', "TCP"],
    ['.metadata.finalizers[="c"]', "c"],
    ['.spec.containers[name="api"].args[1]', "--b"],
    ['.spec.containers[name="other"].image', undefined],
    [".spec.replicasX", undefined],
    [".spec.containers[7]", undefined],
    ["nonsense", undefined],
  ])("%s", (field, value) => {
    expect(fieldValue(object, field)).toEqual(value);
  });

  test("is taken out alone, with the maps that only held it; the object itself stays", () => {
    const without = withoutField(object, '.spec.containers[name="api"].env[name="A"].value');
    expect(fieldValue(without, '.spec.containers[name="api"].env')).toEqual([
      { name: "A" },
      { name: "odd]", value: "2" },
    ]);
    expect(object.spec.containers[0]?.env[0]).toEqual({ name: "A", value: "1" });
    expect(
      withoutField({ kind: "X", spec: { strategy: { type: "Recreate" } } }, ".spec.strategy.type"),
    ).toEqual({ kind: "X" });
    expect(withoutField(object, ".spec.nothing")).toBe(object);
    expect(withoutField(object, '.spec.containers[name="api"]').spec.containers).toEqual([]);
  });

  test("leaves have names by what identifies them, and by their place where nothing does", () => {
    const leaves = leavesOf({
      a: [{ type: "x", v: 1 }, { type: "y" }],
      b: [{ v: 1 }, { v: 1 }],
      c: {},
      d: [],
    });
    expect([...leaves.keys()]).toEqual([
      '.a[type="x"].type',
      '.a[type="x"].v',
      '.a[type="y"].type',
      ".b[0].v",
      ".b[1].v",
      ".c",
      ".d",
    ]);
  });
});

describe("what an apply gives up, on answers of a real server", () => {
  const recorded = (name: string) =>
    z
      .object({ before: manifestSchema, after: manifestSchema })
      .parse(JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8")));

  test("a field that we alone own falls back to the server's default", () => {
    const { before, after } = recorded("sole-owner-drops");
    expect(droppedFields(before, after)).toEqual([
      { field: ".spec.replicas", before: "3", after: "1", owners: [] },
    ]);
  });

  test("a field that an autoscaler took keeps its value and its owner", () => {
    const { before, after } = recorded("shared-with-autoscaler");
    expect(otherOwners(before, ".spec.replicas")).toEqual(["kube-controller-manager"]);
    expect(fieldValue(after, ".spec.replicas")).toBe(3);
    expect(droppedFields(before, after)).toEqual([]);
  });

  const owned = (fieldsV1: object, spec: object, others: object[] = []) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "api",
      managedFields: [{ manager: "refract", operation: "Apply", fieldsV1 }, ...others],
    },
    spec,
  });
  const envOf = (names: string[]) =>
    Object.fromEntries(
      names.map((name) => [`k:{"name":"${name}"}`, { ".": {}, "f:name": {}, "f:value": {} }]),
    );
  const withEnv = (names: string[]) =>
    owned(
      { "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:env": envOf(names) } } } },
      { containers: [{ name: "app", env: names.map((name) => ({ name, value: "1" })) }] },
    );

  test("what disappears as a whole is named once", () => {
    expect(droppedFields(withEnv(["A", "B"]), withEnv(["A"]))).toEqual([
      {
        field: '.spec.containers[name="app"].env[name="B"]',
        before: '{"name":"B","value":"1"}',
        after: null,
        owners: [],
      },
    ]);
  });

  test("what somebody else owns too stays, and says whose it is", () => {
    const other = { manager: "ops-tool", operation: "Apply", fieldsV1: { "f:spec": { "f:paused": {} } } };
    const before = owned({ "f:spec": { "f:paused": {} } }, { paused: true }, [other]);
    const after = owned({}, { paused: true }, [other]);
    expect(droppedFields(before, after)).toEqual([
      { field: ".spec.paused", before: "true", after: "true", owners: ["ops-tool"] },
    ]);
  });
});
