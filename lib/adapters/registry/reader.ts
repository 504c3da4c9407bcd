import { AdapterError } from "#lib/errors.ts";
import { unreadable } from "../http-answer.ts";
import type { CallOptions, ImageManifest, ImageReference } from "../ports.ts";
import type { RegistryConfig } from "./config.ts";
import { ACCEPT, digestOf, isDigest, mediaTypeOf, OCI_INDEX, parseIndex, parseTags } from "./manifest.ts";
import { assertDigest, assertImage, assertRepository } from "./names.ts";
import type { RegistryAnswer, Session } from "./session.ts";
import { createPatience, verifiedBlob } from "./stream.ts";

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_PAGES = 200;
const PAGE_SIZE = 1000;

type Blob = { repository: string; digest: string };

/** What can be read from a registry, each piece checked against the digest that names it. */
export function createReader(session: Session, config: RegistryConfig) {
  const { what } = session;

  function ask(image: ImageReference, method: "GET" | "HEAD", options?: CallOptions) {
    assertImage(image);
    const path = `/v2/${image.repository}/manifests/${image.reference}`;
    const { repository } = image;
    return session.call({ method, path, repository, accept: ACCEPT, maxBytes: MAX_MANIFEST_BYTES }, options);
  }

  async function manifest(image: ImageReference, options?: CallOptions): Promise<ImageManifest | null> {
    const answer = await ask(image, "GET", options);
    if (!answer) return null;
    const digest = digestOf(answer.body);
    const promised = answer.headers.get("docker-content-digest") ?? digest;
    const asked = isDigest(image.reference) ? image.reference : digest;
    if (digest !== promised || digest !== asked)
      throw unreadable(`${what} sent content that is not its digest`);
    return {
      digest,
      mediaType: mediaTypeOf(answer.headers.get("content-type"), answer.body),
      body: answer.body,
    };
  }

  async function resolve(image: ImageReference, options?: CallOptions): Promise<string | null> {
    const answer = await ask(image, "HEAD", options);
    if (!answer) return null;
    const digest = answer.headers.get("docker-content-digest");
    // Some registries leave the header out; then only the content itself can tell.
    if (digest === null) return (await manifest(image, options))?.digest ?? null;
    if (!isDigest(digest)) throw unreadable(`${what} sent a digest that is none`);
    if (isDigest(image.reference) && digest !== image.reference)
      throw unreadable(`${what} answered for another digest than was asked`);
    return digest;
  }

  const blobCall = (method: "GET" | "HEAD", { repository, digest }: Blob) => {
    assertRepository(repository);
    assertDigest(digest);
    return { method, repository, path: `/v2/${repository}/blobs/${digest}` } as const;
  };

  async function openBlob(blob: Blob, options: CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const patience = createPatience(config.patienceMs, options.signal);
    let response: Response | null = null;
    try {
      response = await session.open(blobCall("GET", blob), patience.signal);
    } finally {
      patience.stop();
    }
    if (!response?.body) throw new AdapterError("missing", `${what} has no blob ${blob.digest}`);
    return verifiedBlob(response.body, { digest: blob.digest, what, patience });
  }

  /** Pages of a listing; a page of another host is not asked for with our credentials. */
  async function pages(path: string, repository: string, options?: CallOptions): Promise<Buffer[]> {
    const bodies: Buffer[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      if (bodies.length === MAX_PAGES) throw unreadable(`${what} pages its lists without end`);
      const call = {
        method: "GET",
        path: next,
        repository,
        accept: `${OCI_INDEX}, application/json`,
      } as const;
      const answer: RegistryAnswer | null = await session.call(call, options);
      if (!answer) break;
      bodies.push(answer.body);
      next = nextPage(answer.headers.get("link"), new URL(next, config.url));
    }
    return bodies;
  }

  return {
    manifest,
    resolve,
    openBlob,
    /** Null when the registry does not have it, or when it is larger than `maxBytes`. */
    async smallBlob(
      blob: Blob & { size: number },
      maxBytes: number,
      options?: CallOptions,
    ): Promise<Buffer | null> {
      if (blob.size > maxBytes) return null;
      const answer = await session.call({ ...blobCall("GET", blob), maxBytes }, options);
      if (answer && digestOf(answer.body) !== blob.digest)
        throw unreadable(`${what} sent a blob that is not its digest`);
      return answer?.body ?? null;
    },
    async hasBlob(blob: Blob, options?: CallOptions): Promise<boolean> {
      return (await session.call(blobCall("HEAD", blob), options)) !== null;
    },
    async tags(repository: string, options?: CallOptions): Promise<string[]> {
      assertRepository(repository);
      const found = await pages(`/v2/${repository}/tags/list?n=${PAGE_SIZE}`, repository, options);
      return [...new Set(found.flatMap(parseTags))];
    },
    /** By the API of OCI 1.1, or by the tag that stands in for it. */
    async referrers({ repository, digest }: Blob, options?: CallOptions) {
      assertRepository(repository);
      assertDigest(digest);
      const listed = await pages(`/v2/${repository}/referrers/${digest}`, repository, options);
      const fallback =
        listed.length === 0
          ? await manifest({ repository, reference: digest.replace(":", "-") }, options)
          : null;
      const bodies = fallback ? [fallback.body] : listed;
      return bodies.flatMap(parseIndex);
    },
  };
}
export type Reader = ReturnType<typeof createReader>;

function nextPage(link: string | null, current: URL): string | undefined {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const url = new URL(target, current);
  if (url.host !== current.host) throw unreadable("the registry continues its list on another host");
  return `${url.pathname}${url.search}`;
}
