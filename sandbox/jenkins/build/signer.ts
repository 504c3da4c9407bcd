import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

export const IN_TOTO = "application/vnd.in-toto+json";

/** Signs as cosign does with a key of its own: SHA-256, base64. */
export interface Signer {
  sign(data: Buffer): string;
  /** Whether this key made the signature (base64). */
  made(data: Buffer, signature: string): boolean;
}

/** @param pem a private key, PKCS #8. @throws {Error} when it cannot be read */
export function createSigner(pem: string): Signer {
  const key = createPrivateKey(pem);
  const publicKey = createPublicKey(key);
  const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return {
    sign: (data) => sign(hash, data, key).toString("base64"),
    made: (data, signature) => verify(hash, data, publicKey, Buffer.from(signature, "base64")),
  };
}

/** What cosign signs for an image: its own words about the digest, not the image itself. */
export const simpleSigning = (reference: string, digest: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      critical: {
        identity: { "docker-reference": reference },
        image: { "docker-manifest-digest": digest },
        type: "cosign container image signature",
      },
      optional: null,
    }),
  );

/** A DSSE envelope around a statement: signed are type and payload, each with its length before it. */
export function envelope(signer: Signer, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(IN_TOTO)} ${IN_TOTO} ${payload.length} `;
  const sig = signer.sign(Buffer.concat([Buffer.from(head), payload]));
  return Buffer.from(
    JSON.stringify({
      payloadType: IN_TOTO,
      payload: payload.toString("base64"),
      signatures: [{ keyid: "", sig }],
    }),
  );
}
