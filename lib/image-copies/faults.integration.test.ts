import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createImageRegistry } from "#lib/adapters/registry/client.ts";
import { db } from "#lib/db.ts";
import { startWorker } from "#lib/deployments/faults/testing/worker.ts";
import { getHome } from "#lib/home/queries.ts";
import { transaction } from "#lib/transaction.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { askCopies } from "./ask.ts";
import { COPY_ATTEMPTS } from "./cause.ts";
import { handleCopyJob, unfinishedCopies } from "./reconcile.ts";
import { retryImageCopy } from "./service.ts";
import type { GateFault } from "./testing/gate.ts";
import { makePromotion, type Promotion } from "./testing/place.ts";

await testDatabase();
let place: Promotion;
beforeAll(async () => {
  place = await makePromotion();
});
afterEach(() => place.gate.rule(null));
afterAll(() => place?.close());

const { signal } = new AbortController();
async function asked(number: string, environmentId = place.world.prod.id) {
  const { id: releaseId, digest } = await place.world.release(number, { environment: "PROD" });
  const actor = await place.world.actor("ops");
  await transaction((tx) => askCopies(tx, { actor, releaseId, environmentId }));
  return { releaseId, digest, copy: await place.copyOf(number) };
}
const there = (digest: string) =>
  createImageRegistry({ url: place.own.url }).resolve({ repository: "shop/api", reference: digest });
const isUpload = ({ method, path }: { method: string; path: string }) =>
  method !== "GET" && method !== "HEAD" && path.includes("/blobs/uploads/");
const isManifest = ({ method, path }: { method: string; path: string }) =>
  method === "HEAD" && path.includes("/manifests/sha256:");

const FAULTS: [string, (call: { method: string; path: string }) => GateFault | null, string][] = [
  ["the registry answers 500", () => ({ status: 500 }), "COPY_BROKEN"],
  [
    "the registry's disk is full",
    (call) => (isUpload(call) ? { status: 507, body: "no space left" } : null),
    "COPY_BROKEN",
  ],
  ["the connection is cut", (call) => (isUpload(call) ? "cut" : null), "COPY_UNREACHABLE"],
  ["it is too busy", () => ({ status: 429 }), "COPY_THROTTLED"],
];
test.each(FAULTS)("%s: tried again after a pause, and then it is whole", async (name, rule, code) => {
  const { copy, digest } = await asked(`R-${name.replaceAll(/\W+/g, "-")}`);
  place.gate.rule(rule);
  expect(await handleCopyJob(copy.id, signal)).toBeGreaterThan(0);
  const waiting = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(waiting).toMatchObject({ state: "queued", attempts: 1, cause: { code } });
  expect(await unfinishedCopies()).not.toContain(copy.id);
  place.gate.rule(null);
  expect(await handleCopyJob(copy.id, signal)).toBeGreaterThan(0);
  expect((await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } })).attempts).toBe(1);

  await place.hurry(copy.id);
  expect(await unfinishedCopies()).toContain(copy.id);
  expect(await handleCopyJob(copy.id, signal)).toBeNull();
  const copied = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(copied).toMatchObject({ state: "copied", attempts: 2, cause: null });
  expect(await there(digest)).toBe(digest);
});

test("what is refused, and what fails too often, waits for a person; who asks again is on record", async () => {
  const { copy } = await asked("R-refused");
  place.gate.rule(() => ({ status: 403 }));
  expect(await handleCopyJob(copy.id, signal)).toBeNull();
  const failed = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(failed).toMatchObject({ state: "failed", cause: { code: "COPY_REFUSED" } });
  expect(await unfinishedCopies()).not.toContain(copy.id);
  const tester = await place.world.actor("tester");
  await expect(retryImageCopy({ actor: tester, id: copy.id })).rejects.toMatchObject({ code: "FORBIDDEN" });

  const dev = await place.world.actor("dev");
  const again = await retryImageCopy({ actor: dev, id: copy.id });
  expect(again).toMatchObject({ state: "queued", attempts: 0, askedBy: { username: "dev" } });
  place.gate.rule(() => ({ status: 503 }));
  for (let attempt = 1; attempt <= COPY_ATTEMPTS; attempt += 1) {
    await place.hurry(copy.id);
    const pause = await handleCopyJob(copy.id, signal);
    if (attempt === COPY_ATTEMPTS) expect(pause).toBeNull();
    else expect(pause).toBeGreaterThan(0);
  }
  const tired = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(tired).toMatchObject({ state: "failed", attempts: COPY_ATTEMPTS, cause: { code: "COPY_BROKEN" } });
  const retried = await db.auditEntry.findMany({ where: { subjectId: copy.id, action: "image_copy.retry" } });
  expect(retried).toMatchObject([{ actorName: "dev", data: { before: { state: "failed", attempts: 1 } } }]);
});

test("a registry that has another digest afterwards is not believed, and not asked again", async () => {
  const { copy } = await asked("R-other");
  place.gate.rule((call) => (isManifest(call) ? { digest: `sha256:${"1".repeat(64)}` } : null));
  expect(await handleCopyJob(copy.id, signal)).toBeNull();
  const failed = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(failed).toMatchObject({ state: "failed", cause: { code: "COPY_BROKEN" } });
  expect(failed.cause).toMatchObject({ message: expect.stringContaining("another digest") });
});

test("what the source has lost is not tried again", async () => {
  const { copy, digest } = await asked("R-gone");
  await fetch(`${place.world.registry.url}/v2/shop/api/manifests/${digest}`, { method: "DELETE" });
  expect(await handleCopyJob(copy.id, signal)).toBeNull();
  const failed = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(failed).toMatchObject({ state: "failed", cause: { code: "COPY_SOURCE_MISSING" } });

  // Whoever deploys there finds it on the home page, until it was asked for again; whoever does not, does not.
  const told = async (username: "dev" | "ops") =>
    (await getHome(await place.world.actor(username))).waiting.filter(({ release }) => release === "R-gone");
  expect(await told("ops")).toMatchObject([
    {
      kind: "copy_failed",
      environment: "PROD",
      components: ["api"],
      copies: [copy.id],
      cause: { code: "COPY_SOURCE_MISSING" },
    },
  ]);
  expect((await told("dev")).map(({ kind }) => kind)).not.toContain("copy_failed");
  await retryImageCopy({ actor: await place.world.actor("ops"), id: copy.id });
  expect((await told("ops")).map(({ kind }) => kind)).not.toContain("copy_failed");
});

test("what is there with its tag already is not pushed again: the tag may be immutable", async () => {
  const { copy } = await asked("R-there");
  expect(await handleCopyJob(copy.id, signal)).toBeNull();
  // As if its worker had died before it wrote that down.
  await db.imageCopy.update({ where: { id: copy.id }, data: { state: "copying" } });
  place.gate.rule(({ method }) => (method === "PUT" ? { status: 412 } : null));
  expect(await handleCopyJob(copy.id, signal)).toBeNull();
  const again = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(again).toMatchObject({ state: "copied", attempts: 2 });
});

test("two environments that share a registry ask for one copy", async () => {
  const { world, registry } = place;
  const { id: releaseId } = await world.release("R-twice", { environment: "PROD" });
  const dr = await db.environment.create({
    data: { key: "DR", name: "DR", rank: 9, kind: "controlled", registryId: registry.id },
  });
  const actor = await world.actor("ops");
  await Promise.all(
    [world.prod.id, dr.id, world.prod.id].map((environmentId) =>
      transaction((tx) => askCopies(tx, { actor, releaseId, environmentId })),
    ),
  );
  const copies = await db.imageCopy.findMany({ where: { artifact: { item: { releaseId } } } });
  expect(copies).toHaveLength(1);
  const about = { action: "image_copy.ask", subjectId: copies[0]?.id };
  expect(await db.auditEntry.count({ where: about })).toBe(1);
});

test("a worker that is killed midway is followed by another one", async () => {
  await db.imageCopy.deleteMany();
  const { copy, digest } = await asked("R-killed");
  const held = Promise.withResolvers<void>();
  // The second blob never gets there.
  let uploads = 0;
  place.gate.rule(({ method, path }) => {
    if (!isUpload({ method, path }) || method !== "PUT") return null;
    uploads += 1;
    if (uploads === 1) return null;
    held.resolve();
    return "hold";
  });
  const first = await startWorker();
  try {
    await held.promise;
  } finally {
    await first.kill();
  }
  expect(await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } })).toMatchObject({
    state: "copying",
  });
  place.gate.rule(null);
  place.gate.calls();
  const second = await startWorker();
  try {
    for (let tries = 0; ; tries += 1) {
      const { state } = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
      if (state === "copied") break;
      if (tries > 400) throw new Error(`still ${state}: ${second.log()}`);
      await sleep(100);
    }
  } finally {
    await second.kill();
  }
  const done = await db.imageCopy.findUniqueOrThrow({ where: { id: copy.id } });
  expect(done).toMatchObject({ attempts: 2, cause: null });
  // What the first one had brought was not sent again.
  expect(
    place.gate.calls().filter((call) => call.startsWith("PUT") && call.includes("/blobs/")),
  ).toHaveLength(1);
  expect(await there(digest)).toBe(digest);
});
