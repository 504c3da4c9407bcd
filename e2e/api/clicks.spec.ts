import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { z } from "zod";
import { SERVER } from "#scripts/build.ts";
import { nextFreePort } from "#scripts/ports.ts";
import { until } from "../support/api.ts";
import { portalState } from "../support/state.ts";
import { as, call } from "./caller.ts";

// Fifty clicks on three web processes at once: what was accepted ends once, and Jenkins has one build of each attempt.

const CLICKS = 50;
const ENDED = ["succeeded", "failed", "aborted", "unknown"];
const releaseSchema = z.object({
  number: z.string(),
  state: z.string(),
  items: z.array(z.object({ build: z.object({ id: z.string() }).nullable() })),
});
const buildSchema = z.object({
  id: z.string(),
  state: z.string(),
  attempts: z.array(z.object({ id: z.string(), state: z.string() })),
  parameters: z.array(z.object({ name: z.string(), value: z.string() })),
});
const problemSchema = z.object({ code: z.string() });

const children: ChildProcess[] = [];
const urls: string[] = [];

/** Web processes beside the one that is there, with its settings: as a second and a third replica. */
test.beforeAll(async () => {
  const { url, pids } = portalState();
  const settings = Object.fromEntries(
    readFileSync(`/proc/${pids.web}/environ`, "utf8")
      .split("\0")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  urls.push(url);
  for (const from of [48_100, 48_200]) {
    const port = await nextFreePort(from);
    const env = { ...settings, NODE_ENV: "production" as const, PORT: String(port), HOSTNAME: "127.0.0.1" };
    children.push(spawn(process.execPath, [SERVER], { env, stdio: "ignore" }));
    const address = `http://127.0.0.1:${port}`;
    const ready = () =>
      fetch(`${address}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(ready, { timeout: 60_000 }).toBe(true);
    urls.push(address);
  }
});
test.afterAll(async () => {
  for (const child of children) {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
});

/** The same click on all of the web processes in turn, all at once. */
async function click(path: string, keyOf: (click: number) => string | null) {
  const { token } = as("dev");
  return Promise.all(
    Array.from({ length: CLICKS }, async (_, number) => {
      const key = keyOf(number);
      const response = await fetch(`${urls[number % urls.length]}/api/v1${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, ...(key === null ? {} : { "idempotency-key": key }) },
      });
      return { status: response.status, body: (await response.json()) as unknown };
    }),
  );
}
async function draft(): Promise<string> {
  const body = { project: "quotes", title: "五十次点击", items: [{ component: "quote-api", ref: "main" }] };
  const { status, json, text } = await call(as("dev"), "POST", "/releases", body);
  expect(status, text).toBe(201);
  return releaseSchema.parse(json).number;
}
const readBuild = async (id: string) =>
  buildSchema.parse((await call(as("dev"), "GET", `/builds/${id}`)).json);
async function ended(id: string) {
  const ask = async () => ({ status: 200, body: await readBuild(id) });
  return until(`the end of ${id}`, ask, ({ state }) => ENDED.includes(state), 120);
}

/** How many builds Jenkins has of an attempt, and how often its end was told. */
async function countsOf(id: string): Promise<{ onJenkins: number; ends: number }> {
  const { url, user, token, job } = portalState().jenkins;
  const { parameters } = await readBuild(id);
  const attempt = parameters.find(({ name }) => name === "REFRACT_ATTEMPT_ID")?.value;
  expect(attempt).toBeTruthy();
  const tree = encodeURIComponent("builds[number,actions[parameters[name,value]]]{0,100}");
  const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
  const address = `${url.replace(/\/$/, "")}/job/${job}/api/json?tree=${tree}`;
  const text = await (await fetch(address, { headers: { authorization } })).text();
  const page = await call(as("auditor"), "GET", `/audit?subject=build&subjectId=${id}&limit=50`);
  const entries = z.object({ items: z.array(z.object({ action: z.string() })) }).parse(page.json).items;
  const ends = entries.filter(({ action }) => /^build\.(succeed|fail|abort|lose)$/.test(action));
  return { onJenkins: text.split(`"value":"${attempt}"`).length - 1, ends: ends.length };
}
const codesOf = (answers: { status: number; body: unknown }[]) =>
  new Set(
    answers.flatMap(({ status, body }) =>
      status < 300 ? [] : `${status} ${problemSchema.parse(body).code}`,
    ),
  );

test("a build is clicked fifty times: one is accepted, the others are told why not", async () => {
  const number = await draft();
  const answers = await click(`/releases/${number}/build`, () => null);
  const accepted = answers.filter(({ status }) => status < 300);
  expect(accepted, JSON.stringify([...codesOf(answers)])).toHaveLength(1);
  for (const code of codesOf(answers))
    expect(["409 VERSION_CONFLICT", "409 INVALID_STATE", "409 BLOCKED", "422 BLOCKED"]).toContain(code);
  const id = releaseSchema.parse(accepted[0]?.body).items[0]?.build?.id ?? "";
  expect((await ended(id)).state).toBe("succeeded");
  expect((await readBuild(id)).attempts).toHaveLength(1);
  expect(await countsOf(id)).toEqual({ onJenkins: 1, ends: 1 });
});

test("with one Idempotency-Key: whoever is answered with success is answered the same", async () => {
  const number = await draft();
  const answers = await click(`/releases/${number}/build`, () => `click-${number}`);
  const ids = answers
    .filter(({ status }) => status < 300)
    .map(({ body }) => releaseSchema.parse(body).items[0]?.build?.id ?? "");
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(1);
  for (const code of codesOf(answers)) expect(code).toBe("409 REQUEST_RUNNING");
  const [id = ""] = ids;
  expect((await ended(id)).state).toBe("succeeded");
  expect(await countsOf(id)).toEqual({ onJenkins: 1, ends: 1 });
  // The click again, when all is over: the first answer, and nothing more.
  const again = await call(as("dev"), "POST", `/releases/${number}/build`, undefined, {
    "idempotency-key": `click-${number}`,
  });
  expect(releaseSchema.parse(again.json).items[0]?.build?.id).toBe(id);
  expect((await readBuild(id)).attempts).toHaveLength(1);
});

test("a rebuild of an aborted build is clicked fifty times: one more attempt, and each ends once", async () => {
  const number = await draft();
  const first = await call(as("dev"), "POST", `/releases/${number}/build`);
  const id = releaseSchema.parse(first.json).items[0]?.build?.id ?? "";
  expect((await call(as("dev"), "POST", `/builds/${id}/abort`)).status).toBe(202);
  const { state } = await ended(id);
  test.skip(state !== "aborted", "it was quicker than the abort");
  const answers = await click(`/builds/${id}/rebuild`, (nth) => `rebuild-${id}-${nth}`);
  const accepted = answers.filter(({ status }) => status < 300);
  expect(accepted, JSON.stringify([...codesOf(answers)])).toHaveLength(1);
  const second = buildSchema.parse(accepted[0]?.body).id;
  expect((await ended(second)).state).toBe("succeeded");
  expect((await readBuild(second)).attempts.map(({ state: end }) => end)).toEqual(["succeeded", "aborted"]);
  expect(await countsOf(second)).toEqual({ onJenkins: 1, ends: 1 });
  expect((await countsOf(id)).ends).toBe(1);
});
