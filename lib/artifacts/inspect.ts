import type { EvidenceKey, ImageRegistry, ImageSummary } from "#lib/adapters/ports.ts";
import type { ArtifactContent, ArtifactEvidence, ArtifactScan } from "./content.ts";

export type Inspected = {
  content: ArtifactContent;
  /** Null when the registry has no such image any more. */
  found: { evidence: ArtifactEvidence; scan: ArtifactScan | null } | null;
};

/**
 * Asks a registry all that it knows of an image: layers and labels, what is signed, what its scanner found.
 * @param input.image `path` as the registry calls the repository, and the digest
 * @param input.before what it said last: the layers of an image that is gone stay known
 * @param input.now when it is asked, by the database's clock
 * @throws AdapterError
 */
export async function inspectImage(input: {
  registry: Pick<ImageRegistry, "inspect" | "evidence" | "scan">;
  image: { path: string; digest: string };
  keys: EvidenceKey[];
  before: ArtifactContent | null;
  now: Date;
  signal: AbortSignal;
}): Promise<Inspected> {
  const { registry, keys, before, now, signal } = input;
  const { path: repository, digest } = input.image;
  const summary = await registry.inspect({ repository, reference: digest }, { signal });
  if (summary === null) {
    const nothing = { mediaType: "", createdAt: null, labels: {}, platforms: [], layers: [] };
    const goneSince = before?.goneSince ?? now.toISOString();
    return { content: { ...(before ?? nothing), goneSince }, found: null };
  }
  // An index has no layers of its own: those of its first image stand for it.
  const [platform] = summary.platforms;
  const image =
    summary.layers.length === 0 && platform
      ? await registry.inspect({ repository, reference: platform.digest }, { signal })
      : null;
  const { signatures, sboms, provenance } = await registry.evidence({ repository, digest }, keys, { signal });
  const scan = await registry.scan({ repository, digest }, { signal });
  return {
    content: contentOf(summary, image ?? summary),
    found: {
      evidence: { keys: keys.map(({ key }) => key), signatures, sboms, provenance },
      scan: scan && { ...scan, finishedAt: scan.finishedAt?.toISOString() ?? null },
    },
  };
}

function contentOf(summary: ImageSummary, image: ImageSummary): ArtifactContent {
  const { mediaType, platforms } = summary;
  return {
    mediaType,
    createdAt: (summary.createdAt ?? image.createdAt)?.toISOString() ?? null,
    labels: { ...image.labels, ...summary.labels },
    platforms,
    layers: image.layers,
    goneSince: null,
  };
}
