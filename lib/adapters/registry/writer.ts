import { AdapterError } from "#lib/errors.ts";
import { failureOf, unreadable } from "../http-answer.ts";
import type { CallOptions, ImageManifest } from "../ports.ts";
import type { RegistryConfig } from "./config.ts";
import { assertImage } from "./names.ts";
import type { RegistryCall, Session } from "./session.ts";
import { createPatience } from "./stream.ts";

export type NewBlob = { repository: string; digest: string; size: number };
export type Upload = CallOptions & { onSent?: (bytes: number) => void };

/** What can be put into a registry. */
export function createWriter(session: Session, config: RegistryConfig) {
  const { what } = session;

  /** An answer is needed: here 404 says that the registry lets nothing be pushed to this place. */
  async function must(call: RegistryCall, options?: CallOptions) {
    const answer = await session.call(call, options);
    if (!answer) throw failureOf(404, what);
    return answer;
  }

  /** One call of an upload: no limit of time but that something happens, or that its storing does not take for ever. */
  async function patiently(call: RegistryCall, patience: ReturnType<typeof createPatience>) {
    patience.touch();
    try {
      const response = await session.open(call, patience.signal);
      await response?.body?.cancel();
      if (!response) throw failureOf(404, what);
      return response;
    } finally {
      patience.stop();
    }
  }

  /** Begins an upload, or has the registry take the blob from another repository of its own. */
  async function begin({ repository, digest }: NewBlob, from: string | undefined, options: CallOptions) {
    const mount =
      from === undefined ? "" : `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const path = `/v2/${repository}/blobs/uploads/${mount}`;
    const answer = await must(
      { method: "POST", path, repository, ...(from === undefined ? {} : { from }) },
      options,
    );
    // 202 for a mount that is not done: it is an upload like any other.
    if (answer.status === 201) return "mounted";
    return placeOf(answer.headers, path);
  }

  /** Uploads say where to go on with each answer, relative or not, and with a query of their own. */
  function placeOf(headers: Headers, current: string): string {
    const location = headers.get("location");
    if (!location) throw unreadable(`${what} began an upload without saying where`);
    return new URL(location, new URL(current, config.url)).href;
  }

  async function send(
    blob: NewBlob,
    place: string,
    open: () => Promise<ReadableStream<Uint8Array>>,
    options: Upload,
  ) {
    const { repository, digest, size } = blob;
    const patience = createPatience(config.patienceMs, options.signal);
    let broken: unknown;
    const counted = async () => {
      let sent = 0;
      const source = await open();
      const reader = source.getReader();
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            try {
              const { done, value } = await reader.read();
              patience.touch();
              if (done && sent === size) return controller.close();
              sent += value?.byteLength ?? 0;
              if (done || sent > size)
                throw unreadable(`a blob is not as long as its manifest says: ${digest}`);
              options.onSent?.(value.byteLength);
              controller.enqueue(value);
            } catch (error) {
              // What the source says is worth more than that the upload was cut off because of it.
              broken = error;
              controller.error(error);
            }
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      );
    };
    const type = { repository, contentType: "application/octet-stream" };
    try {
      const patched = await patiently(
        { ...type, method: "PATCH", path: place, body: { size, open: counted } },
        patience,
      );
      const last = placeOf(patched.headers, place);
      // Appended as it is: the query that is there may be signed.
      const path = `${last}${last.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
      const put = await patiently({ ...type, method: "PUT", path, body: Buffer.alloc(0) }, patience);
      const stored = put.headers.get("docker-content-digest") ?? digest;
      if (stored !== digest) throw unreadable(`${what} stored a blob under another digest`);
    } catch (error) {
      // The registry forgets it by itself some day; asked now, it keeps nothing of it.
      const giveUp = { method: "DELETE", path: place, repository } as const;
      await session.call(giveUp).catch(() => null);
      throw broken instanceof AdapterError ? broken : error;
    } finally {
      patience.stop();
    }
  }

  return {
    /**
     * Sends a blob, unless the registry takes it from `from`, a repository of its own.
     * Throws AdapterError; retryable when the same blob may be sent again from its start.
     */
    async pushBlob(
      blob: NewBlob,
      input: { from: string | undefined; open: () => Promise<ReadableStream<Uint8Array>> },
      options: Upload = {},
    ): Promise<"mounted" | "sent"> {
      const place = await begin(blob, input.from, options);
      if (place === "mounted") return "mounted";
      await send(blob, place, input.open, options);
      return "sent";
    },

    /** Stores a manifest under a tag or its digest. `subjectKnown`: the registry lists it with its subject by itself. */
    async pushManifest(
      place: { repository: string; reference: string },
      { digest, mediaType, body }: ImageManifest,
      options?: CallOptions,
    ): Promise<{ subjectKnown: boolean }> {
      assertImage(place);
      const { repository, reference } = place;
      const path = `/v2/${repository}/manifests/${reference}`;
      const call = { method: "PUT", path, repository, contentType: mediaType, body } as const;
      const { headers } = await must(call, options);
      if ((headers.get("docker-content-digest") ?? digest) !== digest)
        throw unreadable(`${what} stored a manifest under another digest`);
      return { subjectKnown: headers.get("oci-subject") !== null };
    },
  };
}
export type Writer = ReturnType<typeof createWriter>;
