import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import type { EvidenceKey, SignatureProblem } from "../ports.ts";

/**
 * Whether what is stored beside an image was signed by somebody we know, and for exactly this image. Nothing here asks
 * a network: a key vouches or it does not; certificates and transparency logs are not looked at.
 */
export type Verdict = { verifiedBy: string[]; problem: SignatureProblem | null };
export type Statement = Verdict & { predicateType: string | null };
export type TrustedKey = { key: string; publicKey: KeyObject };

const SIGNATURE_TYPES = ["cosign container image signature", "https://sigstore.dev/cosign/sign/v1"];
const IN_TOTO = "application/vnd.in-toto+json";

const payloadSchema = z.object({
  critical: z.object({ type: z.string(), image: z.object({ "docker-manifest-digest": z.string() }) }),
});
const envelopeSchema = z.object({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.array(z.object({ sig: z.string() })),
});
const statementSchema = z.object({
  predicateType: z.string(),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
});
const bundleSchema = z.object({ dsseEnvelope: z.unknown().optional() });

/** A key that cannot be read verifies nothing, and is left out. */
export function trustedKeys(keys: readonly EvidenceKey[]): TrustedKey[] {
  return keys.flatMap(({ key, publicKeyPem }) => {
    try {
      return [{ key, publicKey: createPublicKey(publicKeyPem) }];
    } catch {
      return [];
    }
  });
}

/** A payload of cosign's own format with the base64 signature beside it. `digest`: the image's. */
export function judgePayload(
  payload: Buffer,
  signature: string | undefined,
  digest: string,
  keys: TrustedKey[],
): Verdict {
  const content = read(payloadSchema, payload);
  if (!content || !signature) return refused("unreadable");
  const { type, image } = content.critical;
  if (!SIGNATURE_TYPES.includes(type)) return refused("unsupported");
  const verifiedBy = signers(payload, [signature], keys);
  if (verifiedBy.length === 0) return refused("no_key");
  return image["docker-manifest-digest"] === digest ? { verifiedBy, problem: null } : refused("other_digest");
}

/** A DSSE envelope with an in-toto statement: an attestation, or a signature of newer clients. */
export function judgeEnvelope(bytes: Buffer, digest: string, keys: TrustedKey[]): Statement {
  const envelope = read(envelopeSchema, bytes);
  if (!envelope) return { ...refused("unreadable"), predicateType: null };
  const payload = Buffer.from(envelope.payload, "base64");
  const statement = envelope.payloadType === IN_TOTO ? read(statementSchema, payload) : undefined;
  if (!statement) {
    const problem = envelope.payloadType === IN_TOTO ? "unreadable" : "unsupported";
    return { ...refused(problem), predicateType: null };
  }
  const { predicateType, subject } = statement;
  const signed = envelope.signatures.map(({ sig }) => sig);
  const verifiedBy = signers(preAuthenticated(envelope.payloadType, payload), signed, keys);
  if (verifiedBy.length === 0) return { ...refused("no_key"), predicateType };
  const hex = digest.slice("sha256:".length);
  const same = subject.some((one) => one.digest.sha256 === hex);
  return same ? { verifiedBy, problem: null, predicateType } : { ...refused("other_digest"), predicateType };
}

/** A sigstore bundle (v0.1 to v0.3) that holds an envelope. */
export function judgeBundle(bytes: Buffer, digest: string, keys: TrustedKey[]): Statement {
  const bundle = read(bundleSchema, bytes);
  if (!bundle) return { ...refused("unreadable"), predicateType: null };
  // The other kind signs a file's bytes; of an image it would be the manifest, which nobody does.
  if (bundle.dsseEnvelope === undefined) return { ...refused("unsupported"), predicateType: null };
  return judgeEnvelope(Buffer.from(JSON.stringify(bundle.dsseEnvelope)), digest, keys);
}

/** What a DSSE signature is made over: type and payload, each with its length in bytes before it. */
export function preAuthenticated(payloadType: string, payload: Buffer): Buffer {
  const type = Buffer.byteLength(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${type} ${payloadType} ${payload.length} `), payload]);
}

const refused = (problem: SignatureProblem): Verdict => ({ verifiedBy: [], problem });

function signers(data: Buffer, signatures: string[], keys: TrustedKey[]): string[] {
  const fits = ({ publicKey }: TrustedKey) =>
    signatures.some((signature) => isSigned(publicKey, data, Buffer.from(signature, "base64")));
  return keys.filter(fits).map(({ key }) => key);
}

/** Clients sign with SHA-256 whatever the curve; newer ones take the hash that fits a larger one. */
function isSigned(key: KeyObject, data: Buffer, signature: Buffer): boolean {
  const hashes: (string | null)[] =
    key.asymmetricKeyType === "ed25519"
      ? [null]
      : key.asymmetricKeyType === "ec"
        ? ["sha256", "sha384"]
        : ["sha256"];
  return hashes.some((hash) => {
    try {
      return verify(hash, data, key, signature);
    } catch {
      return false;
    }
  });
}

function read<T>(schema: z.ZodType<T>, bytes: Buffer): T | undefined {
  try {
    return schema.safeParse(JSON.parse(bytes.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
