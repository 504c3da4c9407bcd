import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { digestInvalid, methodNotAllowed, RegistryError, uploadUnknown } from "./errors.ts";
import { isMissing, removeFile } from "./files.ts";
import { isDigest } from "./routes.ts";
import type { Store } from "./store.ts";

export interface UploadRequest {
  request: IncomingMessage;
  response: ServerResponse;
  store: Store;
  name: string;
  query: URLSearchParams;
  /** `http://host:port` as the client called it. */
  origin: string;
}

/** POST: mounts a blob of another repository, or opens an upload session. */
export async function startUpload(call: UploadRequest): Promise<void> {
  const { request, response, store, name, query, origin } = call;
  if (request.method !== "POST") throw methodNotAllowed();
  const mount = query.get("mount") ?? "";
  const from = query.get("from") ?? "";
  if (isDigest(mount) && from !== "" && (await store.blobSize(from, mount)) !== undefined) {
    await store.linkBlob(name, mount);
    sendCreated(response, origin, name, mount);
    return;
  }
  const id = randomUUID();
  const file = store.uploadPath(id);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
  sendProgress(call, id, 0, 202);
}

/** PATCH appends, PUT appends and finishes, GET tells the offset, DELETE gives up. */
export async function continueUpload(call: UploadRequest, id: string): Promise<void> {
  const { request, response, store, name, query, origin } = call;
  const file = store.uploadPath(id);
  const offset = await sizeOf(file);
  if (offset === undefined) throw uploadUnknown(id);
  switch (request.method) {
    case "GET":
      return sendProgress(call, id, offset, 204);
    case "DELETE":
      await removeFile(file);
      response.writeHead(204).end();
      return;
    case "PATCH":
      assertContinues(request.headers["content-range"], offset);
      await append(request, file);
      return sendProgress(call, id, (await sizeOf(file)) ?? 0, 202);
    case "PUT": {
      const digest = query.get("digest") ?? "";
      if (!isDigest(digest)) throw digestInvalid("digest missing");
      await append(request, file);
      if ((await digestOf(file)) !== digest) {
        await removeFile(file);
        throw digestInvalid(`digest ${digest} does not match the content`);
      }
      await store.adoptBlob(name, digest, file);
      return sendCreated(response, origin, name, digest);
    }
    default:
      throw methodNotAllowed();
  }
}

async function append(request: IncomingMessage, file: string): Promise<void> {
  await pipeline(request, createWriteStream(file, { flags: "a" }));
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A chunk that names its place must follow what is there; the header is `<first>-<last>`, without a unit. */
function assertContinues(range: string | undefined, offset: number): void {
  if (range === undefined) return;
  const first = /^(?:bytes[ =])?(\d+)-\d+/.exec(range)?.[1];
  if (first === undefined || Number(first) !== offset)
    throw new RegistryError(416, "RANGE_INVALID", "invalid content range", { offset });
}

/** The session's state travels in the Location's query, so clients must append to it rather than replace it. */
function sendProgress(
  { response, name, origin }: UploadRequest,
  id: string,
  size: number,
  status: number,
): void {
  const state = Buffer.from(JSON.stringify({ Name: name, UUID: id, Offset: size })).toString("base64url");
  response.writeHead(status, {
    "docker-upload-uuid": id,
    location: `${origin}/v2/${name}/blobs/uploads/${id}?_state=${state}`,
    range: `0-${Math.max(0, size - 1)}`,
    ...(status === 204 ? {} : { "content-length": 0 }),
  });
  response.end();
}

function sendCreated(response: ServerResponse, origin: string, name: string, digest: string): void {
  response.writeHead(201, {
    "docker-content-digest": digest,
    location: `${origin}/v2/${name}/blobs/${digest}`,
    "content-length": 0,
  });
  response.end();
}
