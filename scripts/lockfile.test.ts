import { expect, test } from "vitest";
import { missingEntries, platformOf, readLockfile } from "./lockfile.ts";

test("the lockfile has the optional packages of every platform (else: node scripts/lockfile.ts)", () => {
  expect(missingEntries(readLockfile()).map(({ name }) => name)).toEqual([]);
});

test("an optional package without an entry is missed, from a nested package too", () => {
  const lock = {
    packages: {
      "": {},
      "node_modules/a": { optionalDependencies: { there: "1.0.0", gone: "2.0.0" }, dev: true },
      "node_modules/there": {},
      "node_modules/a/node_modules/b": { optionalDependencies: { there: "1.0.0", deep: "3.0.0" } },
    },
  };
  expect(missingEntries(lock)).toEqual([
    { path: "node_modules/gone", name: "gone", version: "2.0.0", dev: true },
    { path: "node_modules/a/node_modules/deep", name: "deep", version: "3.0.0", dev: false },
  ]);
});

test("a name tells the platform", () => {
  expect(platformOf("@swc/core-linux-x64-musl")).toEqual({ os: ["linux"], cpu: ["x64"], libc: ["musl"] });
  expect(platformOf("@next/swc-win32-arm64-msvc")).toEqual({ os: ["win32"], cpu: ["arm64"] });
  expect(platformOf("@oxc-parser/binding-linux-arm-gnueabihf")).toEqual({
    os: ["linux"],
    cpu: ["arm"],
    libc: ["glibc"],
  });
  expect(platformOf("@tailwindcss/oxide-wasm32-wasi")).toEqual({ cpu: ["wasm32"] });
  expect(() => platformOf("fsevents")).toThrow(/platform/);
});
