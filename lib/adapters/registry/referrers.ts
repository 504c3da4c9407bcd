import type { CallOptions } from "../ports.ts";
import { type Descriptor, isIndex, parseIndex, parseManifest } from "./manifest.ts";
import type { Reader } from "./reader.ts";

/** Tags beside an image under which cosign stores its signatures, attestations and SBOMs. */
export const COSIGN_SUFFIXES = [".sig", ".att", ".sbom"] as const;
/** More than anybody stores beside one image; the rest is not looked at. */
const MAX_MANIFESTS = 100;

/** `sha256-<hex>.sig` and its like. */
export function cosignTag(digest: string, suffix: (typeof COSIGN_SUFFIXES)[number]): string {
  return `${digest.replace(":", "-")}${suffix}`;
}

/** One piece beside an image. `kind`: the type of its content, or of its manifest where that says more. */
export type Attachment = Descriptor & { kind: string };

/** Everything that is stored beside `digest`: by cosign's tags, as its referrers, and by its builder in its index. */
export async function findAttachments(
  reader: Reader,
  image: { repository: string; digest: string },
  options?: CallOptions,
): Promise<Attachment[]> {
  const { repository, digest } = image;
  const references = COSIGN_SUFFIXES.map((suffix) => cosignTag(digest, suffix));
  const [referrers, own] = await Promise.all([
    reader.referrers(image, options),
    reader.manifest({ repository, reference: digest }, options),
  ]);
  references.push(...referrers.map((referrer) => referrer.digest));
  if (own && isIndex(own.mediaType)) {
    const built = parseIndex(own.body).filter(
      ({ annotations }) => annotations?.["vnd.docker.reference.type"] === "attestation-manifest",
    );
    references.push(...built.map((child) => child.digest));
  }
  const found = new Map<string, Attachment>();
  const seen = new Set<string>();
  for (const reference of references.slice(0, MAX_MANIFESTS)) {
    const manifest = await reader.manifest({ repository, reference }, options);
    if (!manifest || seen.has(manifest.digest) || isIndex(manifest.mediaType)) continue;
    seen.add(manifest.digest);
    const { artifactType, config, layers } = parseManifest(manifest.body);
    for (const layer of layers) {
      const kind = layer.mediaType || artifactType || config.mediaType;
      const notation = artifactType === NOTATION || config.mediaType === NOTATION;
      // One payload may be signed several times: then its bytes are the same, and only the annotation differs.
      const key = `${layer.digest} ${JSON.stringify(layer.annotations ?? {})}`;
      found.set(key, { ...layer, kind: notation ? NOTATION : kind });
    }
  }
  return [...found.values()];
}

/** The type of a Notary Project signature. */
export const NOTATION = "application/vnd.cncf.notary.signature";
