import { expect, test } from "vitest";
import type { ComponentConfigDto } from "#lib/components/config-schema.ts";
import { changesOf, discarded, emptyDraft, sizeNow, toUpdate, variableOf } from "./config-model.ts";

const config: ComponentConfigDto = {
  project: "quotes",
  component: "api",
  environment: "FAT",
  replicas: 1,
  cpuRequest: "50m",
  cpuLimit: "1",
  memoryRequest: "64Mi",
  memoryLimit: "256Mi",
  variables: { LEVEL: "info", TZ: "Asia/Shanghai" },
  secrets: [{ name: "TOKEN", version: 3, updatedAt: "2026-11-20T00:00:00.000Z" }],
  templateId: null,
  template: null,
  strategy: { kind: "rolling" },
  smokeChecks: [],
  version: 7,
  mayEdit: true,
};

test("nothing typed, or typed back, is no change", () => {
  expect(changesOf(config, emptyDraft)).toEqual([]);
  expect(
    changesOf(config, {
      sizes: { replicas: "1" },
      variables: { LEVEL: "info", NEW: null },
      secrets: { NEW: null },
      templateId: null,
    }),
  ).toEqual([]);
});

test("a typed secret is a change that shows no value", () => {
  const changes = changesOf(config, { ...emptyDraft, secrets: { TOKEN: "hunter2" } });
  expect(changes).toEqual([{ name: "TOKEN", kind: "secret", from: "v3", to: "•" }]);
  expect(JSON.stringify(changes)).not.toContain("hunter2");
});

test("saving sends every variable, and only the secrets that change", () => {
  const draft = {
    sizes: { replicas: "2", cpuLimit: "2" },
    variables: { LEVEL: "debug", TZ: null, EMPTY: "" },
    secrets: { TOKEN: null, NEW: "x", GONE: null },
  };
  expect(toUpdate(config, draft)).toEqual({
    version: 7,
    replicas: 2,
    cpuLimit: "2",
    variables: { LEVEL: "debug", EMPTY: "" },
    secrets: [
      { name: "TOKEN", value: null },
      { name: "NEW", value: "x" },
    ],
  });
  expect(changesOf(config, draft).map(({ name }) => name)).toEqual([
    "replicas",
    "cpuLimit",
    "LEVEL",
    "TZ",
    "EMPTY",
    "TOKEN",
    "NEW",
  ]);
});

test("what is shown is what is typed, else what is saved", () => {
  const draft = { ...emptyDraft, sizes: { replicas: "4" }, variables: { TZ: null } };
  expect(sizeNow(config, draft, "replicas")).toBe("4");
  expect(sizeNow(config, draft, "cpuLimit")).toBe("1");
  expect(variableOf(config, draft, "TZ")).toBeUndefined();
  expect(variableOf(config, draft, "LEVEL")).toBe("info");
});

test("a strategy and checks are changed as wholes; typed back they are no change", () => {
  const canary = { kind: "canary" as const, steps: [{ percent: 10, wait: { kind: "person" as const } }] };
  const check = {
    kind: "http" as const,
    name: "answers",
    path: "/",
    expectStatus: 200,
    timeoutSeconds: 30,
  };
  const draft = { ...emptyDraft, strategy: canary, smokeChecks: [check] };
  expect(changesOf(config, draft).map(({ kind }) => kind)).toEqual(["strategy", "checks"]);
  expect(toUpdate(config, draft)).toMatchObject({ strategy: canary, smokeChecks: [check] });
  expect(changesOf({ ...config, strategy: canary, smokeChecks: [check] }, draft)).toEqual([]);
  expect(changesOf(config, { ...draft, ...discarded })).toEqual([]);
  expect(toUpdate(config, emptyDraft)).not.toHaveProperty("strategy");
});
