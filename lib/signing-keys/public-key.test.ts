import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readPublicKey } from "./public-key.ts";

const pem = (pair: KeyPairKeyObjectResult) => ({
  publicKey: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
  privateKey: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
});
const ec = pem(generateKeyPairSync("ec", { namedCurve: "P-256" }));

describe("readPublicKey", () => {
  test("takes what cosign makes, and writes it the same way each time", () => {
    const read = readPublicKey(`\n${ec.publicKey.replaceAll("\n", "\r\n")}\n`);
    expect(read).toMatchObject({ ok: true, key: { pem: ec.publicKey, algorithm: "ec prime256v1" } });
    expect(readPublicKey(pem(generateKeyPairSync("ed25519")).publicKey)).toMatchObject({
      ok: true,
      key: { algorithm: "ed25519", fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  test("refuses a private key, also one beside a public key", () => {
    const refused = { ok: false, refusal: "PRIVATE_KEY" };
    expect(readPublicKey(ec.privateKey)).toEqual(refused);
    expect(readPublicKey(`${ec.publicKey}${ec.privateKey}`)).toEqual(refused);
    expect(readPublicKey("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nabc\n")).toEqual(refused);
  });

  test("refuses what is no key, and keys that say nothing", () => {
    for (const text of ["", "hello", ec.publicKey.slice(0, 60), `${ec.publicKey}${ec.publicKey}`]) {
      expect(readPublicKey(text).ok).toBe(false);
    }
    const broken = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    expect(readPublicKey(broken)).toEqual({ ok: false, refusal: "NOT_A_PUBLIC_KEY" });
    const short = pem(generateKeyPairSync("rsa", { modulusLength: 1024 })).publicKey;
    expect(readPublicKey(short)).toEqual({ ok: false, refusal: "KEY_KIND" });
  });
});
