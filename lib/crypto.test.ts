import { randomBytes } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { decryptSecret, encryptSecret, hashPassword, verifyPassword } from "./crypto.ts";
import { parseEnv } from "./env.ts";

const settings = {
  DATABASE_URL: "postgresql://refract@127.0.0.1/refract",
  ENCRYPTION_KEY: randomBytes(32).toString("base64"),
  NEXTAUTH_URL: "http://127.0.0.1:3000",
  NEXTAUTH_SECRET: "x".repeat(32),
};
beforeAll(() => Object.assign(process.env, settings));

it("gives back what was encrypted, only in its own context", () => {
  const stored = encryptSecret("密码 p@ss", "cluster:1");
  expect(decryptSecret(stored, "cluster:1")).toBe("密码 p@ss");
  expect(stored).not.toContain("p@ss");
  expect(encryptSecret("密码 p@ss", "cluster:1")).not.toBe(stored);
  expect(() => decryptSecret(stored, "cluster:2")).toThrow();
});

it("refuses a text that was changed", () => {
  const parts = encryptSecret("secret", "x").split(".");
  const body = Buffer.from(parts[3] ?? "", "base64url");
  body[0] = (body[0] ?? 0) ^ 1;
  expect(() => decryptSecret([...parts.slice(0, 3), body.toString("base64url")].join("."), "x")).toThrow();
  expect(() => decryptSecret("plain", "x")).toThrow("not an encrypted secret");
});

it("hashes passwords with a salt and compares them", async () => {
  const [first, second] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")]);
  expect(first).not.toBe(second);
  expect(await verifyPassword("correct horse", first)).toBe(true);
  expect(await verifyPassword("correct hors", first)).toBe(false);
  expect(await verifyPassword("", "not a hash")).toBe(false);
});

it.each([
  [{ b: 1, a: [2, { d: undefined, c: null }] }, '{"a":[2,{"c":null}],"b":1}'],
  ["行情", '"行情"'],
  [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
])("writes equal values as one text", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

it.each(Object.keys(settings))("names %s when it is missing", (name) => {
  expect(() => parseEnv({ ...settings, [name]: undefined })).toThrow(new RegExp(`\\n {2}${name}: `));
});

it("names every wrong setting at once", () => {
  expect(() => parseEnv({ ...settings, DATABASE_URL: "mysql://x", ENCRYPTION_KEY: "short" })).toThrow(
    /DATABASE_URL: [\s\S]*ENCRYPTION_KEY: 32 random bytes/,
  );
});
