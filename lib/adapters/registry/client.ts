import { AdapterError } from "#lib/errors.ts";
import { failureOf, unreadable } from "../http-answer.ts";
import type { CallOptions, ImageReference, ImageRegistry, ImageSummary } from "../ports.ts";
import type { RegistryConfig } from "./config.ts";
import { ACCEPT, digestOf, isDigest, isIndex, parseConfig, parseManifest, parseTags } from "./manifest.ts";
import { createSession, type RegistryAnswer } from "./session.ts";

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const MAX_TAGS_BYTES = 8 * 1024 * 1024;
const MAX_PAGES = 200;
const PAGE_SIZE = 1000;
const DEFAULT_TIMEOUT_MS = 15_000;

const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/**
 * A client of an OCI distribution registry (Harbor, docker-registry, and their like). It reads only.
 * Every method throws AdapterError: `invalid` for a name that no registry accepts, `unauthorized`/`forbidden` for
 * refused credentials, `unreachable`, `throttled` or `broken` (retryable) when the registry is not well.
 */
export function createImageRegistry(
  input: Omit<RegistryConfig, "timeoutMs"> & { timeoutMs?: number },
): ImageRegistry {
  const config = { ...input, timeoutMs: input.timeoutMs ?? DEFAULT_TIMEOUT_MS };
  const session = createSession(config);

  function manifest(image: ImageReference, method: "GET" | "HEAD", options?: CallOptions) {
    assertImage(image);
    const path = `/v2/${image.repository}/manifests/${image.reference}`;
    const { repository } = image;
    return session.call({ method, path, repository, accept: ACCEPT, maxBytes: MAX_MANIFEST_BYTES }, options);
  }

  async function fetchManifest(image: ImageReference, options?: CallOptions) {
    const answer = await manifest(image, "GET", options);
    return answer && { answer, digest: verifiedDigest(image, answer) };
  }

  return {
    async resolve(image, options) {
      const answer = await manifest(image, "HEAD", options);
      if (!answer) return null;
      const digest = answer.headers.get("docker-content-digest");
      // Some registries leave the header out; then only the content itself can tell.
      if (digest === null) return (await fetchManifest(image, options))?.digest ?? null;
      if (!isDigest(digest)) throw unreadable(`registry ${session.host} sent a digest that is none`);
      if (isDigest(image.reference) && digest !== image.reference)
        throw unreadable(`registry ${session.host} answered for another digest than was asked`);
      return digest;
    },

    async inspect(image, options): Promise<ImageSummary | null> {
      const found = await fetchManifest(image, options);
      if (!found) return null;
      const { digest, answer } = found;
      const mediaType = answer.headers.get("content-type")?.split(";")[0]?.trim() ?? "";
      if (isIndex(mediaType)) {
        return { digest, mediaType, sizeBytes: null, layers: [], createdAt: null, labels: {} };
      }
      const { config: part, layers } = parseManifest(answer.body);
      const path = `/v2/${image.repository}/blobs/${part.digest}`;
      const call = { method: "GET", path, repository: image.repository, maxBytes: MAX_CONFIG_BYTES } as const;
      const blob = await session.call(call, options);
      if (!blob) throw unreadable(`registry ${session.host} has the image but not its configuration`);
      if (digestOf(blob.body) !== part.digest)
        throw unreadable(`registry ${session.host} sent a configuration that is not its digest`);
      return {
        digest,
        mediaType,
        sizeBytes: layers.reduce((sum, layer) => sum + layer.size, part.size),
        layers: layers.map((layer) => ({ digest: layer.digest, sizeBytes: layer.size })),
        ...parseConfig(blob.body),
      };
    },

    async tags(repository, options) {
      assertRepository(repository);
      const found = new Set<string>();
      let path: string | undefined = `/v2/${repository}/tags/list?n=${PAGE_SIZE}`;
      for (let page = 0; path !== undefined; page += 1) {
        if (page === MAX_PAGES) throw unreadable(`registry ${session.host} pages its tags without end`);
        const answer: RegistryAnswer | null = await session.call(
          { method: "GET", path, repository, maxBytes: MAX_TAGS_BYTES },
          options,
        );
        if (!answer) break;
        for (const tag of parseTags(answer.body)) found.add(tag);
        path = nextPage(answer.headers.get("link"), new URL(path, config.url));
      }
      return [...found];
    },

    async ping(options) {
      const call = { method: "GET", path: "/v2/", repository: "", maxBytes: MAX_CONFIG_BYTES } as const;
      if (!(await session.call(call, options))) throw failureOf(404, `registry ${session.host}`);
    },
  };
}

/** The digest of the bytes that came, which must be the one that was promised. */
function verifiedDigest(image: ImageReference, answer: RegistryAnswer): string {
  const digest = digestOf(answer.body);
  const promised = answer.headers.get("docker-content-digest") ?? digest;
  const asked = isDigest(image.reference) ? image.reference : digest;
  if (digest !== promised || digest !== asked)
    throw unreadable("the registry sent content that is not its digest");
  return digest;
}

/** Path of the next page from a Link header; one that leads to another host is not followed with our credentials. */
function nextPage(link: string | null, current: URL): string | undefined {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const url = new URL(target, current);
  if (url.host !== current.host) throw unreadable("the registry pages its tags on another host");
  return `${url.pathname}${url.search}`;
}

function assertRepository(repository: string): void {
  if (!REPOSITORY.test(repository) || repository.length > 255)
    throw new AdapterError("invalid", `not a repository name: ${JSON.stringify(repository)}`);
}

/** What passes can be put into a path as it is, and a malformed digest does not reach registries that answer it with 500. */
function assertImage({ repository, reference }: ImageReference): void {
  assertRepository(repository);
  if (!TAG.test(reference) && !isDigest(reference))
    throw new AdapterError("invalid", `not a tag or digest: ${JSON.stringify(reference)}`);
}
