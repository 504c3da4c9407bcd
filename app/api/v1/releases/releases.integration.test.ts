import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBuilt } from "#lib/builds/testing/built.ts";
import { drive } from "#lib/builds/testing/drive.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { sha256 } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { GET as readLog } from "../builds/[id]/log/route.ts";
import { GET as readBuild } from "../builds/[id]/route.ts";
import {
  DELETE as free,
  GET as readReservation,
} from "../projects/[project]/environments/[environment]/reservation/route.ts";
import { POST as build } from "./[number]/build/route.ts";
import { GET as read } from "./[number]/route.ts";
import { POST as enter } from "./[number]/stages/[environment]/enter/route.ts";
import { POST as judge } from "./[number]/stages/[environment]/verdict/route.ts";
import { POST as create, GET as list } from "./route.ts";

await testDatabase();
let world: World;
const tokens = { dev: "a".repeat(40), tester: "b".repeat(40) };
beforeAll(async () => {
  world = await makeWorld();
  for (const [name, token] of Object.entries(tokens) as ["dev" | "tester", string][]) {
    const { id } = await world.actor(name);
    await db.apiToken.create({ data: { userId: id, name: "test", tokenHash: sha256(token) } });
  }
});
afterAll(() => world.close());

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
async function call(
  handler: Handler,
  who: keyof typeof tokens,
  input: {
    method?: string;
    params?: Record<string, string>;
    query?: string;
    body?: unknown;
    key?: string;
  } = {},
) {
  const request = new Request(`http://portal.test/api/v1/x${input.query ?? ""}`, {
    method: input.method ?? "GET",
    headers: {
      authorization: `Bearer ${tokens[who]}`,
      ...(input.body === undefined ? {} : { "content-type": "application/json" }),
      ...(input.key ? { "idempotency-key": input.key } : {}),
    },
    body: input.body === undefined ? undefined : JSON.stringify(input.body),
  });
  return handler(request, { params: Promise.resolve(input.params ?? {}) });
}
const order = {
  project: "quotes",
  title: "行情接口",
  description: "QT-1821",
  items: [{ component: "quote-api", ref: "main" }],
};

test("a release order from POST to artifact, in the shapes of the contract", async () => {
  const created = await call(create, "dev", { method: "POST", body: order });
  expect(created.status).toBe(201);
  const { number } = await created.json();
  const started = await call(build, "dev", { method: "POST", params: { number } });
  expect(started.status).toBe(202);
  const { items } = await started.json();
  await drive(items[0].build.id);
  const release = await (await call(read, "dev", { params: { number } })).json();
  expect(release).toMatchObject({
    number,
    project: "quotes",
    title: "行情接口",
    state: "built",
    items: [
      {
        component: "quote-api",
        ref: "main",
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
        build: { id: items[0].build.id, state: "succeeded" },
        artifact: {
          image: expect.stringContaining(`/quotes/quote-api:${number}`),
          digest: expect.stringMatching(/^sha256:/),
        },
      },
    ],
    stages: [
      { environment: "FAT", state: "waiting" },
      { environment: "STAGING", state: "waiting" },
      { environment: "PROD", state: "waiting" },
    ],
  });
  const id = release.items[0].build.id;
  expect(await (await call(readBuild, "tester", { params: { id } })).json()).toMatchObject({
    id,
    release: number,
  });
  const log = await call(readLog, "tester", { params: { id }, query: "?offset=10" });
  expect(log.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(Number(log.headers.get("x-log-offset"))).toBe(10 + Buffer.byteLength(await log.text()));
  expect(log.headers.get("x-log-complete")).toBe("true");
});

test("the same Idempotency-Key makes one release, two calls without make two", async () => {
  const first = await (await call(create, "dev", { method: "POST", body: order, key: "k1" })).json();
  const again = await (await call(create, "dev", { method: "POST", body: order, key: "k1" })).json();
  expect(again.number).toBe(first.number);
  const other = await (await call(create, "dev", { method: "POST", body: order })).json();
  expect(other.number).not.toBe(first.number);
  const found = await (await call(list, "tester", { query: `?q=${first.number}&limit=10` })).json();
  expect(found.items.map((item: { number: string }) => item.number)).toEqual([first.number]);
});

test("refusals are problems with their blockers", async () => {
  const answer = await call(create, "dev", {
    method: "POST",
    body: { ...order, items: [{ component: "quote-api", ref: "nope" }] },
  });
  expect(answer.status).toBe(409);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await answer.json()).toMatchObject({ code: "BLOCKED", blockers: [{ code: "REF_NOT_FOUND" }] });
  expect((await call(create, "tester", { method: "POST", body: order })).status).toBe(403);
  expect((await call(create, "dev", { method: "POST", body: { ...order, items: [] } })).status).toBe(400);
  expect((await call(read, "dev", { params: { number: "20000101-quotes-001" } })).status).toBe(404);
});

test("flow through the API: enter, queue, verdict", async () => {
  const numbers: string[] = [];
  for (const _ of [1, 2]) {
    const { number } = await (await call(create, "dev", { method: "POST", body: order })).json();
    await makeBuilt(number);
    numbers.push(number);
  }
  const [first = "", second = ""] = numbers;
  const at = (number: string) => ({ method: "POST", params: { number, environment: "FAT" } });
  expect(await (await call(enter, "tester", at(first))).json()).toMatchObject({
    state: "entered",
    queued: false,
  });
  expect(await (await call(enter, "tester", at(second))).json()).toMatchObject({ queued: true, position: 1 });
  const untested = await call(judge, "tester", { ...at(first), body: { verdict: "pass" } });
  expect(await untested.json()).toMatchObject({ code: "INVALID_STATE", blockers: [{ code: "WRONG_STATE" }] });
  expect((await call(judge, "tester", { ...at(first), body: { verdict: "reject" } })).status).toBe(400);
  const place = { params: { project: "quotes", environment: "FAT" } };
  expect(await (await call(readReservation, "dev", place)).json()).toMatchObject({
    holder: { release: first },
    queue: [{ release: second }],
    mayFree: false,
  });
  const freed = await (await call(free, "tester", { ...place, method: "DELETE" })).json();
  expect(freed).toMatchObject({ holder: null, queue: [{ calledAt: expect.any(String) }] });
});
