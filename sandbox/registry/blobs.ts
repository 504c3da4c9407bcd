import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { blobUnknown, digestInvalid, methodNotAllowed } from "./errors.ts";
import { isDigest } from "./routes.ts";
import type { Store } from "./store.ts";

export interface BlobRequest {
  request: IncomingMessage;
  response: ServerResponse;
  store: Store;
  name: string;
  digest: string;
}

/** GET, HEAD and DELETE of one blob of a repository. */
export async function handleBlob({ request, response, store, name, digest }: BlobRequest): Promise<void> {
  if (!isDigest(digest)) throw digestInvalid("invalid checksum digest length");
  const size = await store.blobSize(name, digest);
  if (size === undefined) throw blobUnknown(digest);
  if (request.method === "DELETE") {
    await store.unlinkBlob(name, digest);
    response.writeHead(202, { "content-length": 0 }).end();
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed();
  response.writeHead(200, {
    "accept-ranges": "bytes",
    "cache-control": "max-age=31536000",
    "content-type": "application/octet-stream",
    "content-length": size,
    "docker-content-digest": digest,
    etag: `"${digest}"`,
  });
  if (request.method === "HEAD") response.end();
  else await pipeline(store.readBlob(digest), response);
}
