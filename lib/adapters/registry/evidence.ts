import type { CallOptions, EvidenceKey, ImageEvidence } from "../ports.ts";
import { assertDigest, assertRepository } from "./names.ts";
import type { Reader } from "./reader.ts";
import { type Attachment, findAttachments, NOTATION } from "./referrers.ts";
import {
  judgeBundle,
  judgeEnvelope,
  judgePayload,
  type Statement,
  type TrustedKey,
  trustedKeys,
} from "./signature.ts";

const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
const DSSE = "application/vnd.dsse.envelope.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle";
const IN_TOTO = "application/vnd.in-toto+json";
const SIGN_PREDICATE = "https://sigstore.dev/cosign/sign/v1";
/** An SBOM within an attestation has to be read whole to be verified; a larger one counts as not verified. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * What is stored beside exactly this digest, verified with the given keys.
 * Throws AdapterError when the registry cannot be asked; what is stored there never makes it fail.
 */
export async function gatherEvidence(
  reader: Reader,
  image: { repository: string; digest: string },
  given: readonly EvidenceKey[],
  options?: CallOptions,
): Promise<ImageEvidence> {
  assertRepository(image.repository);
  assertDigest(image.digest);
  const keys = trustedKeys(given);
  const evidence: ImageEvidence = { signatures: [], sboms: [], provenance: [] };
  for (const attachment of await findAttachments(reader, image, options)) {
    const { repository } = image;
    const read = () => reader.smallBlob({ repository, ...attachment }, MAX_BYTES, options);
    await judge(evidence, attachment, { read, digest: image.digest, keys });
  }
  return evidence;
}

type Input = { read: () => Promise<Buffer | null>; digest: string; keys: TrustedKey[] };

async function judge(evidence: ImageEvidence, attachment: Attachment, input: Input): Promise<void> {
  const { kind, digest, annotations } = attachment;
  if (kind === SIMPLE_SIGNING) {
    const payload = await input.read();
    const signature = annotations?.["dev.cosignproject.cosign/signature"];
    const verdict = judgePayload(payload ?? Buffer.alloc(0), signature, input.digest, input.keys);
    evidence.signatures.push({ digest, ...verdict });
  } else if (kind === NOTATION) {
    evidence.signatures.push({ digest, verifiedBy: [], problem: "unsupported" });
  } else if (kind === DSSE || kind.startsWith(BUNDLE)) {
    const bytes = (await input.read()) ?? Buffer.alloc(0);
    const judged = kind === DSSE ? judgeEnvelope : judgeBundle;
    file(evidence, attachment, judged(bytes, input.digest, input.keys));
  } else if (kind === IN_TOTO) {
    file(evidence, attachment, { verifiedBy: [], problem: "no_key", predicateType: null });
  } else if (sbomFormat(kind) !== "other" || /syft|sbom/.test(kind)) {
    evidence.sboms.push({ format: sbomFormat(kind), digest, sizeBytes: attachment.size, verifiedBy: [] });
  }
}

/** Where a statement belongs, by what it states; as it says itself, else as the manifest calls it. */
function file(
  { signatures, sboms, provenance }: ImageEvidence,
  { digest, size, annotations }: Attachment,
  { predicateType: own, verifiedBy, problem }: Statement,
): void {
  const predicateType =
    own ??
    annotations?.predicateType ??
    annotations?.["in-toto.io/predicate-type"] ??
    annotations?.["dev.sigstore.bundle.predicateType"] ??
    "";
  if (predicateType === SIGN_PREDICATE || predicateType === "")
    signatures.push({ digest, verifiedBy, problem });
  else if (sbomFormat(predicateType) !== "other")
    sboms.push({ format: sbomFormat(predicateType), digest, sizeBytes: size, verifiedBy });
  else provenance.push({ predicateType, digest, verifiedBy });
}

function sbomFormat(type: string): "spdx" | "cyclonedx" | "other" {
  if (/spdx/i.test(type)) return "spdx";
  return /cyclonedx/i.test(type) ? "cyclonedx" : "other";
}
