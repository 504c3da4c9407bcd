import { failureOf, unreadable } from "../http-answer.ts";
import type { ImageRegistry, ImageSummary } from "../ports.ts";
import { checkDistribution } from "./check.ts";
import type { RegistryConfig, RegistryKind } from "./config.ts";
import { copyImage } from "./copy.ts";
import { gatherEvidence } from "./evidence.ts";
import { createHarborApi } from "./harbor/api.ts";
import { listArtifacts } from "./harbor/artifacts.ts";
import { checkHarbor } from "./harbor/check.ts";
import { createLabels } from "./harbor/labels.ts";
import { scanOf } from "./harbor/scan.ts";
import { describeLayers, isIndex, isPlatform, parseConfig, parseIndex, parseManifest } from "./manifest.ts";
import { createReader } from "./reader.ts";
import { createSession } from "./session.ts";
import { createWriter } from "./writer.ts";

const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_PATIENCE_MS = 120_000;

export type RegistryInput = Omit<RegistryConfig, "timeoutMs" | "patienceMs"> & Partial<RegistryConfig>;

/**
 * A client of a registry of the given kind: plain OCI, or Harbor 2.x with its API for scans, labels and lists. Throws as
 * `createImageRegistry` does; a rule of a Harbor project that forbids a call is `forbidden`.
 */
export function createRegistryOfKind(kind: RegistryKind, input: RegistryInput): ImageRegistry {
  const plain = createImageRegistry(input);
  if (kind === "oci") return plain;
  const config = settled(input);
  const api = createHarborApi(config);
  return {
    ...plain,
    scan: (image, options) => scanOf(api, image, options),
    label: createLabels(api),
    list: (repository, options) => listArtifacts(api, repository, options),
    check: async (options) => {
      const findings = await plain.check(options);
      // Whoever is not let in by the registry is told so once.
      if (findings.some(({ code, ok }) => !ok && code !== "REGISTRY_ENCRYPTED")) return findings;
      return [...findings, ...(await checkHarbor(api, config, options?.wanted ?? [], options))];
    },
  };
}

const settled = (input: RegistryInput): RegistryConfig => ({
  ...input,
  timeoutMs: input.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  patienceMs: input.patienceMs ?? DEFAULT_PATIENCE_MS,
});

/**
 * A client of an OCI distribution registry (docker-registry and its like; of Harbor what it has in common with them).
 * Every method throws AdapterError: `invalid` for a name that no registry accepts, `unauthorized`/`forbidden` for
 * refused credentials, `unreachable`, `throttled` or `broken` (retryable) when the registry is not well.
 */
export function createImageRegistry(input: RegistryInput): ImageRegistry {
  const config = settled(input);
  const session = createSession(config);
  const reader = createReader(session, config);
  const writer = createWriter(session, config);
  const here = { origin: session.origin, reader, writer };

  return {
    address: session.origin,
    resolve: reader.resolve,
    manifest: reader.manifest,
    openBlob: reader.openBlob,
    tags: reader.tags,
    evidence: (image, keys, options) => gatherEvidence(reader, image, keys, options),
    copyFrom: (source, places, options) => copyImage(here, source, places, options),
    check: (options) => checkDistribution(session, config, options),
    // The distribution API knows nothing of these.
    scan: async () => null,
    label: async () => false,
    list: async () => null,

    async referrers(image, options) {
      const found = await reader.referrers(image, options);
      return found.map(({ digest, mediaType, artifactType, size }) => ({
        digest,
        mediaType,
        artifactType: artifactType ?? null,
        sizeBytes: size,
      }));
    },

    async inspect(image, options): Promise<ImageSummary | null> {
      const found = await reader.manifest(image, options);
      if (!found) return null;
      const { digest, mediaType } = found;
      if (isIndex(mediaType)) {
        const platforms = parseIndex(found.body)
          .filter(isPlatform)
          .map(({ digest: child, platform }) => ({
            digest: child,
            os: platform?.os ?? "",
            architecture: platform?.architecture ?? "",
          }));
        return { digest, mediaType, sizeBytes: null, layers: [], platforms, createdAt: null, labels: {} };
      }
      const { config: part, layers } = parseManifest(found.body);
      const place = { repository: image.repository, ...part };
      const blob = await reader.smallBlob(place, MAX_CONFIG_BYTES, options);
      if (!blob) throw unreadable(`${session.what} has the image but not its configuration`);
      const content = parseConfig(blob);
      return {
        digest,
        mediaType,
        sizeBytes: layers.reduce((sum, layer) => sum + layer.size, part.size),
        layers: describeLayers(layers, content),
        platforms: [],
        createdAt: content.createdAt,
        labels: content.labels,
      };
    },

    async ping(options) {
      const call = { method: "GET", path: "/v2/", repository: "" } as const;
      if (!(await session.call(call, options))) throw failureOf(404, session.what);
    },
  };
}
