import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { judgeBundle, judgeEnvelope, judgePayload, preAuthenticated, trustedKeys } from "./signature.ts";
// Made with cosign 2.6.5 and a throw-away key.
import signed from "./testing/cosign.json" with { type: "json" };

const keys = trustedKeys([{ key: "build", publicKeyPem: signed.publicKey }]);
const { publicKey: foreign } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const others = [{ key: "other", publicKey: foreign }];
const payload = Buffer.from(signed.payload);
const elsewhere = `sha256:${"0".repeat(64)}`;
const envelopes = Object.entries(signed.envelopes);

describe("a signature of cosign", () => {
  const judge = (over: { bytes?: Buffer; signature?: string; digest?: string; by?: typeof keys } = {}) =>
    judgePayload(
      over.bytes ?? payload,
      "signature" in over ? over.signature : signed.signature,
      over.digest ?? signed.image,
      over.by ?? keys,
    );
  test("is verified by the key that made it", () => {
    expect(judge()).toEqual({ verifiedBy: ["build"], problem: null });
    expect(judge({ by: [...others, ...keys] }).verifiedBy).toEqual(["build"]);
  });
  test("counts for nothing with another key, for another image, or changed", () => {
    expect(judge({ by: others })).toEqual({ verifiedBy: [], problem: "no_key" });
    expect(judge({ digest: elsewhere })).toEqual({ verifiedBy: [], problem: "other_digest" });
    const changed = Buffer.from(signed.payload.replace(signed.image, elsewhere));
    expect(judge({ bytes: changed, digest: elsewhere }).problem).toBe("no_key");
  });
  test("that cannot be read is a finding, not an error", () => {
    expect(judge({ bytes: payload.subarray(0, 40) }).problem).toBe("unreadable");
    expect(judge({ signature: undefined }).problem).toBe("unreadable");
    expect(judge({ signature: signed.signature.slice(0, 20) }).problem).toBe("no_key");
    const unknown = Buffer.from(signed.payload.replace("cosign container", "some other"));
    expect(judge({ bytes: unknown }).problem).toBe("unsupported");
  });
});

describe("an attestation of cosign", () => {
  test.each(envelopes)("%s is verified by its key, for its image", (predicateType, text) => {
    const bytes = Buffer.from(text);
    expect(judgeEnvelope(bytes, signed.image, keys)).toEqual({
      verifiedBy: ["build"],
      problem: null,
      predicateType,
    });
    expect(judgeEnvelope(bytes, signed.image, others)).toMatchObject({ verifiedBy: [], problem: "no_key" });
    expect(judgeEnvelope(bytes, elsewhere, keys)).toMatchObject({ verifiedBy: [], problem: "other_digest" });
  });
  test("changed, cut off or of another type is not", () => {
    const envelope: { payload: string; payloadType: string } = JSON.parse(envelopes[0]?.[1] ?? "");
    const with_ = (change: object) => Buffer.from(JSON.stringify({ ...envelope, ...change }));
    const text = Buffer.from(envelope.payload, "base64").toString();
    const changed = Buffer.from(text.replace("predicateType", "predicateType ".trim()).concat(" "));
    expect(judgeEnvelope(with_({ payload: changed.toString("base64") }), signed.image, keys).problem).toBe(
      "no_key",
    );
    expect(judgeEnvelope(with_({ payload: "e30=" }), signed.image, keys).problem).toBe("unreadable");
    expect(judgeEnvelope(with_({ payloadType: "text/plain" }), signed.image, keys).problem).toBe(
      "unsupported",
    );
    expect(judgeEnvelope(with_({}).subarray(0, 100), signed.image, keys).problem).toBe("unreadable");
  });
  test("in a bundle is verified as well", () => {
    const bytes = Buffer.from(signed.bundle);
    expect(judgeBundle(bytes, signed.image, keys)).toMatchObject({ verifiedBy: ["build"], problem: null });
    expect(judgeBundle(bytes, elsewhere, keys).problem).toBe("other_digest");
    expect(judgeBundle(bytes.subarray(0, 50), signed.image, keys).problem).toBe("unreadable");
    expect(judgeBundle(Buffer.from('{"messageSignature":{}}'), signed.image, keys).problem).toBe(
      "unsupported",
    );
  });
});

test.each([
  ["P-256", generateKeyPairSync("ec", { namedCurve: "P-256" }), "sha256"],
  ["P-384 and SHA-256", generateKeyPairSync("ec", { namedCurve: "P-384" }), "sha256"],
  ["P-384 and SHA-384", generateKeyPairSync("ec", { namedCurve: "P-384" }), "sha384"],
  ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 }), "sha256"],
  ["Ed25519", generateKeyPairSync("ed25519"), null],
])("keys of %s", (_, { publicKey, privateKey }, hash) => {
  const signature = sign(hash, payload, privateKey).toString("base64");
  const own = [{ key: "own", publicKey }];
  expect(judgePayload(payload, signature, signed.image, own).verifiedBy).toEqual(["own"]);
});

test("what a DSSE signature is made over counts bytes, and a key that is none is left out", () => {
  expect(preAuthenticated("t/é", Buffer.from("你")).toString()).toBe("DSSEv1 4 t/é 3 你");
  expect(trustedKeys([{ key: "x", publicKeyPem: "nonsense" }])).toEqual([]);
});
