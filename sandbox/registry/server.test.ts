import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, loadRecordings, type Recording, send } from "./recording.ts";
import { type RunningRegistry, startRegistry } from "./server.ts";
import { openStore, sha256 } from "./store.ts";

const recordings = loadRecordings();
const OCI = "application/vnd.oci.image.manifest.v1+json";

function recorded(number: string): Recording {
  const found = recordings.get(number);
  if (!found) throw new Error(`no recording ${number}`);
  return found;
}

/** The recorded headers must all be there with the recorded value; the server may say more (Date, Connection). */
function expectAsRecorded(number: string, answer: Answer): void {
  const { response } = recorded(number);
  expect(answer.status).toBe(response.status);
  expect(answer.headers).toMatchObject(response.headers);
  const text = answer.body.toString("utf8");
  if (typeof response.body === "string") expect(text).toBe(response.body);
  else expect(JSON.parse(text)).toEqual(response.body);
}

async function replay(port: number, number: string, headers: Record<string, string> = {}): Promise<void> {
  const { request } = recorded(number);
  expectAsRecorded(number, await send(port, { ...request, headers: { ...request.headers, ...headers } }));
}

/** The real server lists tags in no order, so only the set and the length of the text are compared. */
async function replayTags(port: number, number: string): Promise<void> {
  const { request, response } = recorded(number);
  const answer = await send(port, request);
  expect(answer.headers).toMatchObject(response.headers);
  const sorted = (body: unknown) =>
    JSON.stringify(body, (_, value) => (Array.isArray(value) ? value.toSorted() : value));
  expect(sorted(JSON.parse(answer.body.toString("utf8")))).toBe(sorted(response.body));
}

let dataDir: string;
let registry: RunningRegistry;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "refract-registry-"));
  registry = await startRegistry({ port: 0, dataDir });
});
afterAll(async () => {
  await registry.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe("the recorded life of a repository, in order", () => {
  test("before anything was pushed (01 to 04)", async () => {
    for (const number of ["01", "02", "03", "04"]) await replay(registry.port, number);
  });

  test("a monolithic upload (05, 06)", async () => {
    const start = await send(registry.port, recorded("05").request);
    const anonymous = (location: string | undefined) =>
      (location ?? "").replace(/[a-f0-9-]{36}/, "<id>").replace(/_state=.*/, "_state=<state>");
    const wanted = recorded("05").response;
    expect(start.status).toBe(wanted.status);
    expect(anonymous(start.headers.location)).toBe(anonymous(wanted.headers.location));
    expect(start.headers.range).toBe(wanted.headers.range);
    expect(start.headers["docker-upload-uuid"]).toMatch(/^[a-f0-9-]{36}$/);

    const config = String(recorded("31").response.body);
    const location = new URL(start.headers.location ?? "");
    const path = `${location.pathname}${location.search}&digest=${encodeURIComponent(sha256(config))}`;
    expectAsRecorded("06", await send(registry.port, { method: "PUT", path, body: config }));
  });

  test("manifests (07 to 10)", async () => {
    await replay(registry.port, "07");
    // The recorded layer's bytes were not kept, only its digest; any bytes will do for a link to it.
    const file = join(dataDir, "layer");
    await writeFile(file, "x".repeat(39));
    const layer = "sha256:5fcac52912d56015e763e8a0d4c99463247cb7fb0981d91418671f733459b496";
    await openStore(dataDir).adoptBlob("refract/app", layer, file);
    for (const number of ["08", "09", "10"]) await replay(registry.port, number);
    for (const tag of ["1.1", "latest"]) {
      const { request } = recorded("08");
      const answer = await send(registry.port, { ...request, path: `/v2/refract/app/manifests/${tag}` });
      expect(answer.status).toBe(201);
    }
  });

  const reads = [
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "18",
    "19",
    "20",
    "21",
    "22",
    "23",
    "24",
    "25",
    "26",
  ];
  test.each([...reads, "27", "28", "31", "32", "33"])("read %s", async (number) => {
    await replay(registry.port, number);
  });

  test("tags (29, 30)", async () => {
    await replayTags(registry.port, "29");
    await replayTags(registry.port, "30");
  });

  test("deletes (34 to 39)", async () => {
    for (const number of ["34", "35", "36"]) await replay(registry.port, number);
    await replayTags(registry.port, "37");
    await replay(registry.port, "38");
    for (const number of ["09", "10"]) {
      const digest = recorded(number).response.headers["docker-content-digest"];
      const path = `/v2/refract/app/manifests/${digest}`;
      expect((await send(registry.port, { method: "DELETE", path })).status).toBe(202);
    }
    await replay(registry.port, "39");
  });
});

describe("uploads", () => {
  async function open(name: string): Promise<string> {
    const start = await send(registry.port, { method: "POST", path: `/v2/${name}/blobs/uploads/` });
    const location = new URL(start.headers.location ?? "");
    return `${location.pathname}${location.search}`;
  }

  test("chunks are put together, and a chunk out of place is refused", async () => {
    const path = await open("chunk/app");
    const first = await send(registry.port, { method: "PATCH", path, body: "hello " });
    expect(first.status).toBe(202);
    expect(first.headers.range).toBe("0-5");
    const gap = await send(registry.port, {
      method: "PATCH",
      path,
      body: "x",
      headers: { "content-range": "9-9" },
    });
    expect(gap.status).toBe(416);
    await send(registry.port, { method: "PATCH", path, body: "wor", headers: { "content-range": "6-8" } });
    const digest = sha256("hello world");
    const done = await send(registry.port, { method: "PUT", path: `${path}&digest=${digest}`, body: "ld" });
    expect(done.status).toBe(201);
    const blob = await send(registry.port, { method: "GET", path: `/v2/chunk/app/blobs/${digest}` });
    expect(blob.body.toString("utf8")).toBe("hello world");
  });

  test("content that is not its digest is refused and forgotten", async () => {
    const path = await open("chunk/app");
    const digest = sha256("what was promised");
    const answer = await send(registry.port, {
      method: "PUT",
      path: `${path}&digest=${digest}`,
      body: "other",
    });
    expect(answer.status).toBe(400);
    expect(answer.body.toString("utf8")).toContain("DIGEST_INVALID");
    expect(
      (await send(registry.port, { method: "HEAD", path: `/v2/chunk/app/blobs/${digest}` })).status,
    ).toBe(404);
    expect((await send(registry.port, { method: "GET", path })).status).toBe(404);
  });

  test("a blob is served only where it was pushed or mounted", async () => {
    const digest = sha256("hello world");
    const path = `/v2/mount/app/blobs/${digest}`;
    expect((await send(registry.port, { method: "HEAD", path })).status).toBe(404);
    const mount = (from: string) =>
      send(registry.port, {
        method: "POST",
        path: `/v2/mount/app/blobs/uploads/?mount=${digest}&from=${from}`,
      });
    expect((await mount("never/pushed")).status).toBe(202);
    expect((await mount("chunk/app")).status).toBe(201);
    expect((await send(registry.port, { method: "HEAD", path })).status).toBe(200);
  });

  test("a manifest under a digest that is not its own is refused", async () => {
    const answer = await send(registry.port, {
      method: "PUT",
      path: `/v2/chunk/app/manifests/${sha256("other")}`,
      headers: { "content-type": OCI },
      body: "{}",
    });
    expect(answer.status).toBe(400);
    expect(answer.body.toString("utf8")).toContain("DIGEST_INVALID");
  });
});

test("content survives a restart", async () => {
  const again = await startRegistry({ port: 0, dataDir });
  try {
    const blob = await send(again.port, {
      method: "GET",
      path: `/v2/chunk/app/blobs/${sha256("hello world")}`,
    });
    expect(blob.body.toString("utf8")).toBe("hello world");
  } finally {
    await again.close();
  }
});

describe("with an account (40 to 43)", () => {
  let guarded: RunningRegistry;
  beforeAll(async () => {
    guarded = await startRegistry({
      port: 0,
      dataDir: join(dataDir, "guarded"),
      user: "robot",
      password: "s3cret",
    });
  });
  afterAll(() => guarded.close());

  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

  test("asks for credentials", async () => {
    await replay(guarded.port, "40");
    await replay(guarded.port, "41");
    await replay(guarded.port, "42", basic("robot:wrong"));
  });
  test("lets the account in", async () => {
    await replay(guarded.port, "43", basic("robot:s3cret"));
  });
});
