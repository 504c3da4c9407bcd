import { createHash, createPublicKey } from "node:crypto";

/** What is wrong with a text that should be a public key; each has its words in the portal's languages. */
export type KeyRefusal = "PRIVATE_KEY" | "NOT_A_PUBLIC_KEY" | "KEY_KIND";
export type PublicKey = {
  /** PEM, SubjectPublicKeyInfo, written anew. */
  pem: string;
  /** `ec prime256v1`, `ed25519`, `rsa 3072` */
  algorithm: string;
  /** SHA-256 (hex) of the key's DER. */
  fingerprint: string;
};

/** cosign signs with these; older RSA keys are too short to mean anything. */
const MIN_RSA_BITS = 2048;

/**
 * Reads a public key in PEM. A private key is refused before anything looks into it: Node would quietly derive the
 * public half, and somebody's secret would have been sent here for nothing. Pure.
 */
export function readPublicKey(
  text: string,
): { ok: true; key: PublicKey } | { ok: false; refusal: KeyRefusal } {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return { ok: false, refusal: "PRIVATE_KEY" };
  if (!/^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/.test(text)) {
    return { ok: false, refusal: "NOT_A_PUBLIC_KEY" };
  }
  try {
    const key = createPublicKey({ key: text, format: "pem" });
    const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
    const detail = namedCurve ?? modulusLength;
    const known =
      key.asymmetricKeyType === "ec" ||
      key.asymmetricKeyType === "ed25519" ||
      (key.asymmetricKeyType === "rsa" && (modulusLength ?? 0) >= MIN_RSA_BITS);
    if (!known) return { ok: false, refusal: "KEY_KIND" };
    const der = key.export({ type: "spki", format: "der" });
    return {
      ok: true,
      key: {
        pem: key.export({ type: "spki", format: "pem" }).toString(),
        algorithm: [key.asymmetricKeyType, detail].filter(Boolean).join(" "),
        fingerprint: createHash("sha256").update(der).digest("hex"),
      },
    };
  } catch {
    return { ok: false, refusal: "NOT_A_PUBLIC_KEY" };
  }
}
