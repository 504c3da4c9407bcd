import { PassThrough } from "node:stream";
import { beforeAll, expect, it } from "vitest";
import { EventStream } from "#lib/http/event-stream.ts";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
const { loadActor } = await import("#lib/access/actor.ts");
const { emit } = await import("./emit.ts");
const { guardEvents } = await import("./guard.ts");
const { openStream } = await import("./stream.ts");

type Actor = NonNullable<Awaited<ReturnType<typeof loadActor>>>;
let member: Actor;
let projectId = "";
beforeAll(async () => {
  const project = await db.project.create({ data: { key: "quotes", name: "行情服务" } });
  const user = await db.user.create({
    data: {
      username: "dev",
      displayName: "陈晓",
      memberships: { create: { projectId: project.id, role: "developer" } },
    },
  });
  projectId = project.id;
  const actor = await loadActor(user.id);
  if (!actor) throw new Error("no actor");
  member = actor;
});

const say = (n: number) =>
  db.$transaction((tx) => emit(tx, { topics: ["project:quotes"], type: "release.created", data: { n } }));

/** What somebody is told of the project. */
async function open(actor: Actor, lastEventId: string | null): Promise<PassThrough> {
  const tell = await openStream({ actor, topics: ["project:quotes"], lastEventId });
  const stream = new PassThrough().setEncoding("utf8");
  tell(new EventStream(stream));
  return stream;
}

/** Reads a stream until `enough` says so, and ends it. */
async function read(
  lastEventId: string | null,
  enough: (text: string) => boolean,
  meanwhile = async () => {},
) {
  const stream = await open(member, lastEventId);
  let text = "";
  const told = meanwhile();
  for await (const piece of stream) {
    text += piece;
    if (enough(text)) break;
  }
  await told;
  return text;
}
const numbers = (text: string) => [...text.matchAll(/"n":(\d+)/g)].map((match) => Number(match[1]));

it("starts now, without the past", async () => {
  await say(1);
  const text = await read(
    null,
    (seen) => seen.includes('"n":2'),
    () => say(2),
  );
  expect(numbers(text)).toEqual([2]);
});

it("resumes after what was seen, without gaps or repeats", async () => {
  await Promise.all([3, 4, 5, 6].map(say));
  const text = await read("project:quotes@2", (seen) => numbers(seen).length === 4);
  expect(numbers(text).toSorted()).toEqual([3, 4, 5, 6]);
  expect(text).toMatch(/id: project:quotes@6\n/);
});

it("loses nothing that many writers commit at once", async () => {
  const wanted = Array.from({ length: 30 }, (_, n) => 100 + n);
  const text = await read(
    "project:quotes@6",
    (seen) => numbers(seen).length >= wanted.length,
    async () => {
      await Promise.all(wanted.map(say));
    },
  );
  expect(numbers(text).toSorted((a, b) => a - b)).toEqual(wanted);
});

it("tells a reader that comes too late to load afresh", async () => {
  await db.event.deleteMany({ where: { seq: { lt: 20 } } });
  const text = await read("project:quotes@2", (seen) => numbers(seen).length > 0);
  expect(text).toContain("event: reset");
});

it("refuses topics that one may not hear, and closes when the right is lost", async () => {
  for (const topic of ["project:none", "user:somebody", "build:x", "nonsense"]) {
    await expect(openStream({ actor: member, topics: [topic], lastEventId: null })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  }
  const text = await read(
    null,
    (seen) => seen.includes("event: closed"),
    async () => {
      await db.membership.deleteMany({ where: { projectId } });
    },
  );
  expect(text).toContain("event: closed");
});

it("ends when the API token that opened it is revoked, and leaves the person's other streams alone", async () => {
  await db.membership.create({ data: { userId: member.id, projectId, role: "developer" } });
  const token = await db.apiToken.create({
    data: { userId: member.id, name: "script", tokenHash: "not a real one" },
  });
  const bySession = await open(member, null);
  const byToken = await open({ ...member, token: token.id }, null);
  await db.apiToken.update({ where: { id: token.id }, data: { revokedAt: new Date() } });
  let text = "";
  for await (const piece of byToken) text += piece;
  expect(text).toContain("event: closed");
  await say(999);
  let other = "";
  for await (const piece of bySession) {
    other += piece;
    if (other.includes('"n":999')) break;
  }
  expect(other).toContain('"n":999');
  expect(other).not.toContain("event: closed");
});

it("ends without a word to its reader, who comes back, when nobody can tell whether they may hear", async () => {
  const stream = new PassThrough().setEncoding("utf8");
  let asked = 0;
  guardEvents(new EventStream(stream), {
    actor: member,
    allowed: async () => {
      asked += 1;
      if (asked > 1) throw new Error("the database is away");
      return true;
    },
  });
  let text = "";
  for await (const piece of stream) text += piece;
  expect(text).toBe("event: beat\ndata: {}\n\n");
});
