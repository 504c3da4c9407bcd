import { expect, test } from "vitest";
import { readOptions } from "./options.ts";

test("the default demo lives in .demo, one on another port below it", () => {
  expect(readOptions([], {}).dir).toMatch(/\/\.demo$/);
  expect(readOptions([], { PORT: "3100" }).dir).toMatch(/\/\.demo\/port-3100$/);
});

test("a shell's own DATABASE_URL or KUBECONFIG is not taken", () => {
  const options = readOptions([], {
    DATABASE_URL: "postgresql://production/db",
    KUBECONFIG: "/etc/production",
  });
  expect([options.databaseUrl, options.kubeconfig]).toEqual([undefined, undefined]);
});

test("a real Jenkins needs an account", () => {
  expect(() => readOptions([], { DEMO_JENKINS_URL: "http://127.0.0.1:8080" })).toThrow(/DEMO_JENKINS_TOKEN/);
});

test("what is not understood is refused", () => {
  expect(() => readOptions(["--rest"], {})).toThrow(/--reset/);
  expect(() => readOptions([], { PORT: "web" })).toThrow(/PORT/);
});
