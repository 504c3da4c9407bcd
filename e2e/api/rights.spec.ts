import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { z } from "zod";
import { portalState } from "../support/state.ts";
import { as, call, newPerson, type Reply, setRoles } from "./caller.ts";
import { built, deployed, enter, globalTemplate, leaveAll, planOf } from "./flow.ts";
import { type Operation, operations, sampleBody, urlOf, type Values } from "./operations.ts";

// Every call of the API document, by people who may not make it and with input that nobody should send.

const MARK = `geheim${randomBytes(4).toString("hex")}`;
const problem = z.object({ code: z.string(), requestId: z.string().min(8), status: z.number() });

function expectProblem(reply: Reply, what: string): string {
  expect(reply.headers.get("content-type"), what).toContain("application/problem+json");
  const { code, status, requestId } = problem.parse(reply.json);
  expect(status, what).toBe(reply.status);
  expect(reply.headers.get("x-request-id"), what).toBe(requestId);
  return code;
}
const isUnsafe = ({ method }: Operation) => method !== "GET";

let all: Operation[] = [];
/** Ids of things of the project `trading`, which `dev` is no member of. */
let foreign: Values = {};

test.beforeAll(async () => {
  all = await operations();
  const release = await built(as("owner"), "trading", "order-gateway", `${MARK} 交易`);
  const { number } = release;
  await enter(number, "FAT");
  const { digest } = await planOf("ops", number, "FAT");
  const deployment = await deployed("ops", digest);
  const usual = await globalTemplate("FAT");
  const template = await call(as("owner"), "POST", "/templates", {
    name: MARK,
    environment: "FAT",
    project: "trading",
    // It is used from now on: with the usual contents.
    body: `# ${MARK}\n${usual}`,
  });
  const freeze = await call(as("owner"), "POST", "/freezes", {
    project: "trading",
    environment: "PROD",
    startsAt: "2098-01-01T00:00:00Z",
    endsAt: "2098-01-02T00:00:00Z",
    reason: MARK,
  });
  foreign = {
    project: "trading",
    component: "order-gateway",
    environment: "FAT",
    number,
    release: number,
    digest,
    planDigest: digest,
    against: number,
    "builds.id": release.items[0]?.build?.id,
    "deployments.id": deployment.id,
    "templates.id": template.json.id,
    "freezes.id": freeze.json.id,
    grant: randomUUID(),
    rule: randomUUID(),
    commit: "0123456789abcdef0123456789abcdef01234567",
    pod: "order-gateway-0",
    cluster: "east",
    namespace: "trading-fat",
    username: "dev",
    ref: "main",
    gitUrl: "https://git.example.com/a.git",
    items: [{ component: "order-gateway", ref: "main" }],
    startsAt: "2098-02-01T00:00:00Z",
    topic: `release:${number}`,
    q: MARK,
  };
  for (const [name, value] of Object.entries(foreign)) expect(value, name).toBeTruthy();
});
test.afterAll(async () => {
  await call(as("owner"), "DELETE", `/freezes/${foreign["freezes.id"]}`);
  await leaveAll(String(foreign.number));
});

test("nothing but the API document is answered without credentials or with bad ones", async () => {
  expect(all.length).toBeGreaterThan(60);
  const bad = [
    null,
    { token: `rft_${"x".repeat(43)}` },
    { token: "kurz" },
    { cookie: "next-auth.session-token=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..x.y.z" },
  ];
  for (const operation of all) {
    for (const credential of bad) {
      const reply = await call(
        credential,
        operation.method,
        urlOf(operation, foreign),
        sampleBody(operation, foreign),
      );
      const what = `${operation.name} ${JSON.stringify(credential)}`;
      if (operation.path === "/openapi.json" && credential === null) {
        expect(reply.status, what).toBe(200);
        continue;
      }
      if (operation.path === "/openapi.json") continue;
      expect(reply.status, what).toBe(401);
      expect(expectProblem(reply, what)).toBe("UNAUTHENTICATED");
    }
  }
  for (const authorization of [
    "Basic ZGV2OmRlbW8tZGV2",
    "Bearer",
    "Bearer  ",
    `Bearer ${"a".repeat(9000)}`,
  ]) {
    const reply = await call(null, "GET", "/projects", undefined, { authorization });
    expect(reply.status, authorization.slice(0, 40)).toBe(401);
  }
});

test("a member of another project finds nothing, and learns nothing", async () => {
  const PLATFORM = [
    "POST /templates/preview",
    "POST /templates",
    "POST /releases",
    "POST /deployments",
    "POST /freezes",
  ];
  const scoped = all.filter(
    ({ path, name }) =>
      /^\/(projects\/\{project\}|releases\/\{number\}|builds\/|plans\/|deployments\/\{id\}|templates\/\{id\}|freezes\/\{id\})/.test(
        path,
      ) || PLATFORM.includes(name),
  );
  expect(scoped.length).toBeGreaterThan(45);
  for (const operation of scoped) {
    const reply = await call(
      as("dev"),
      operation.method,
      urlOf(operation, foreign),
      sampleBody(operation, foreign),
    );
    expect([403, 404], `${operation.name} ${reply.status} ${reply.text.slice(0, 300)}`).toContain(
      reply.status,
    );
    expectProblem(reply, operation.name);
    expect(reply.text, operation.name).not.toContain(MARK);
  }
  // Lists and searches leave it out, whatever is asked for.
  for (const { name, path } of all.filter(({ method, path }) => method === "GET" && !path.includes("{"))) {
    if (path === "/events") continue;
    for (const query of [
      "",
      "?project=trading",
      `?q=${MARK}`,
      `?project=trading&environment=FAT&limit=200`,
    ]) {
      const reply = await call(as("dev"), "GET", path + query);
      expect(reply.status, `${name}${query} ${reply.text.slice(0, 200)}`).toBeLessThan(500);
      expect(reply.text, `${name}${query}`).not.toContain(MARK);
    }
  }
  for (const topic of [
    `release:${foreign.number}`,
    "project:trading",
    "environment:trading/FAT",
    `build:${foreign["builds.id"]}`,
    `deployment:${foreign["deployments.id"]}`,
    "user:ops",
  ]) {
    const reply = await call(as("dev"), "GET", `/events?topic=${encodeURIComponent(topic)}`);
    expect(reply.status, topic).toBe(404);
  }
});

test("a browser's session is of no use to another site", async () => {
  const { cookie } = await newPerson({});
  const { url } = portalState();
  const origins: Record<string, string>[] = [
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `${url}.evil.example` },
    { origin: url.replace("127.0.0.1", "localhost") },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
  ];
  for (const operation of all.filter(isUnsafe)) {
    for (const headers of origins) {
      const reply = await call(
        { cookie },
        operation.method,
        urlOf(operation, foreign),
        sampleBody(operation, foreign),
        headers,
      );
      const what = `${operation.name} ${JSON.stringify(headers)}`;
      // Git hosts have no session, and one is not looked at: only their own proof counts.
      const [status, code] = operation.path.startsWith("/webhooks/")
        ? [401, "UNAUTHENTICATED"]
        : [403, "CROSS_ORIGIN"];
      expect(reply.status, what).toBe(status);
      expect(expectProblem(reply, what)).toBe(code);
    }
  }
  expect((await call({ cookie }, "GET", "/projects")).status).toBe(200);
  const preflight = await fetch(`${url}/api/v1/projects`, {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
  });
  expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
});

test("bodies that fit no schema are refused with a code, never with 500", async () => {
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const bodies: [string, unknown, Record<string, string>][] = [
    ["no JSON", "{", {}],
    ["a list", "[]", {}],
    ["a text", '"x"', {}],
    ["null", "null", {}],
    ["deep", deep, {}],
    ["proto", '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}', {}],
    ["a form", "a=b", { "content-type": "application/x-www-form-urlencoded" }],
  ];
  for (const operation of all.filter(({ body }) => body !== null)) {
    for (const [what, body, headers] of bodies) {
      const reply = await call(as("owner"), operation.method, urlOf(operation, foreign), body, headers);
      const told = `${operation.name}, ${what}: ${reply.status} ${reply.text.slice(0, 200)}`;
      // An object is a fitting body where everything in it is optional.
      if (what === "proto" && reply.status < 300) continue;
      expect(reply.status, told).toBeGreaterThanOrEqual(400);
      expect(reply.status, told).toBeLessThan(500);
      expectProblem(reply, told);
    }
  }
  const right = { name: "x" };
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    const reply = await call(as("dev"), "POST", "/tokens", right, { "content-type": type });
    expect(reply.status, `${type} ${reply.text}`).toBe(400);
  }
});

test("huge bodies are refused before they are read to their end", async () => {
  const huge = JSON.stringify({ name: "x".repeat(3 * 1024 * 1024) });
  expect((await call(as("dev"), "POST", "/tokens", huge)).status).toBe(400);
  // Without a length, and without an end. How much leaves before the answer is seen depends on how busy the machine is.
  const end = 1024 * 1024 * 1024;
  let sent = 0;
  const chunk = new TextEncoder().encode(" ".repeat(64 * 1024));
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += chunk.length;
      if (sent > end) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const init: RequestInit & { duplex: "half" } = {
    method: "POST",
    duplex: "half",
    body: endless,
    headers: { authorization: `Bearer ${as("dev").token}`, "content-type": "application/json" },
  };
  const status = await fetch(`${portalState().url}/api/v1/tokens`, init).then(
    (response) => response.status,
    () => 0,
  );
  expect([0, 400]).toContain(status);
  expect(sent).toBeLessThan(end / 2);
  expect((await call(as("dev"), "GET", "/projects")).status).toBe(200);
});

const STRINGS = [
  "\u0000",
  "a\u0000b",
  "\ud800",
  '\'; DROP TABLE "User"; --',
  "' OR '1'='1",
  "%",
  "_%\\",
  "<script>alert(1)</script>",
  "x\r\nset-cookie: a=b",
  "../../etc/passwd",
  "\u202e\ufeff🙂",
  "9".repeat(40),
  "-1",
  "x".repeat(100_000),
];

test("odd texts in paths, queries and bodies are never an internal error", async () => {
  const tester = await newPerson({ quotes: ["tester"] });
  const wrong: string[] = [];
  for (const operation of all) {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
    for (const value of STRINGS) {
      const text = value.length > 2000 ? value.slice(0, 2000) : value;
      if (text === "\ud800") continue;
      const urls = [
        ...names.map((name) =>
          urlOf(operation, {
            ...foreign,
            project: "quotes",
            [`${operation.path.split("/")[1]}.${name}`]: text,
          }),
        ),
        ...operation.query.map(({ name }) => {
          const base = urlOf(operation, foreign);
          return `${base}${base.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(text)}`;
        }),
      ];
      if (isUnsafe(operation) && urls.length === 0) continue;
      for (const url of urls) {
        const reply = await call(tester, operation.method, url, sampleBody(operation, foreign));
        const told = `${operation.name} ${url.slice(0, 200)}: ${reply.status} ${reply.text.slice(0, 300)}`;
        if (reply.status >= 500) wrong.push(told);
        else if (reply.status >= 400) expectProblem(reply, told);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("odd texts and numbers in every field of every body are refused or kept as they are", async () => {
  // In a project of its own: what is accepted changes nothing for others.
  const owner = await newPerson({});
  const key = `odd-${randomBytes(4).toString("hex")}`;
  await call(as("admin"), "POST", "/projects", { key, name: key, owner: owner.username });
  const { json: known } = await call(as("owner"), "GET", "/projects/quotes/components/risk-check");
  const { gitUrl, registry } = known;
  const thing = { key: "thing", name: "thing", gitUrl, registry };
  const component = await call(owner, "POST", `/projects/${key}/components`, thing);
  expect(component.status, component.text).toBe(201);
  const values = {
    ...foreign,
    project: key,
    component: "thing",
    gitUrl,
    registry,
    items: [{ component: "thing", ref: "main" }],
    release: "none",
    "templates.id": randomUUID(),
  };
  const skipped = ["POST /me/password"];
  const wrong: string[] = [];
  for (const operation of all.filter(({ body, name }) => body !== null && !skipped.includes(name))) {
    const body = sampleBody(operation, values);
    const fields = Object.keys(operation.body?.properties ?? {});
    for (const field of fields) {
      for (const odd of [
        "\u0000",
        "\ud800",
        2 ** 40,
        -(2 ** 40),
        1e308,
        {},
        [],
        [["\u0000"]],
        { "\u0000": "x" },
        null,
      ]) {
        const reply = await call(owner, operation.method, urlOf(operation, values), {
          ...Object(body),
          [field]: odd,
        });
        const told = `${operation.name} ${field}=${JSON.stringify(odd)}: ${reply.status} ${reply.text.slice(0, 300)}`;
        if (reply.status >= 500) wrong.push(told);
        else if (reply.status >= 400) expectProblem(reply, told);
      }
    }
  }
  expect(wrong).toEqual([]);
  const title = `<script>alert(1)</script> '; DROP TABLE "Release"; --`;
  const { items } = values;
  const made = await call(owner, "POST", "/releases", {
    project: key,
    title,
    description: "a\r\nb",
    items,
  });
  expect(made.status, made.text).toBe(201);
  expect(made.json.title).toBe(title);
  await call(owner, "POST", `/releases/${made.json.number}/abandon`);
});

test("pages are walked to the end without gaps or repeats, and bad cursors are refused", async () => {
  const lists = all.filter(({ query }) => query.some(({ name }) => name === "cursor"));
  expect(lists.length).toBeGreaterThan(8);
  for (const operation of lists) {
    const base = urlOf(operation, { ...foreign, project: "quotes" });
    const url = (query: string) => `${base}${base.includes("?") ? "&" : "?"}${query}`;
    const who = as(/^\/(audit|users)/.test(operation.path) ? "admin" : "owner");
    for (const query of [
      "limit=0",
      "limit=-1",
      "limit=201",
      "limit=x",
      "limit=1e9",
      `cursor=${"9".repeat(300)}`,
    ]) {
      const reply = await call(who, "GET", url(query));
      const told = `${operation.name}?${query}: ${reply.status} ${reply.text.slice(0, 200)}`;
      expect(reply.status, told).toBe(400);
      expectProblem(reply, told);
    }
    for (const cursor of [
      "x",
      "-1",
      "99999999999999999999",
      "'--",
      randomUUID(),
      "2099-01-01T00:00:00Z",
      "eyJ9",
    ]) {
      const reply = await call(who, "GET", url(`cursor=${encodeURIComponent(cursor)}`));
      expect(reply.status, `${operation.name} cursor ${cursor}: ${reply.text.slice(0, 200)}`).toBeLessThan(
        500,
      );
    }
  }
  const list = z.object({
    items: z.array(z.object({ number: z.string() })),
    nextCursor: z.string().nullable(),
  });
  const walked: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: z.infer<typeof list> = list.parse(
      (await call(as("owner"), "GET", `/releases?limit=1${cursor ? `&cursor=${cursor}` : ""}`)).json,
    );
    walked.push(...page.items.map(({ number }) => number));
    cursor = page.nextCursor;
  }
  const whole = list.parse((await call(as("owner"), "GET", "/releases?limit=200")).json);
  expect(walked).toEqual(whole.items.map(({ number }) => number));
});

test("a right that was taken away is gone with the next call", async () => {
  const person = await newPerson({ quotes: ["developer"] });
  const session = { cookie: person.cookie, origin: portalState().url };
  expect((await call(person, "GET", "/projects/quotes")).status).toBe(200);
  await setRoles("quotes", person.username, ["tester"]);
  const items = [{ component: "risk-check", ref: "main" }];
  const wanted = { project: "quotes", title: "x", description: "", items };
  expect((await call(person, "POST", "/releases", wanted)).status).toBe(403);
  await setRoles("quotes", person.username, []);
  expect((await call(person, "GET", "/projects/quotes")).status).toBe(404);
  expect((await call(as("admin"), "PATCH", `/users/${person.username}`, { disabled: true })).status).toBe(
    200,
  );
  expect((await call(person, "GET", "/projects")).status).toBe(401);
  expect((await call(session, "GET", "/projects")).status).toBe(401);
  // Back again: the token works, the old session does not.
  expect((await call(as("admin"), "PATCH", `/users/${person.username}`, { disabled: false })).status).toBe(
    200,
  );
  expect((await call(person, "GET", "/projects")).status).toBe(200);
  expect((await call(session, "GET", "/projects")).status).toBe(401);
});
