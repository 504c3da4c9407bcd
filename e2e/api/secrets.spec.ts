import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@playwright/test";
import pg from "pg";
import { z } from "zod";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import { portalState } from "../support/state.ts";
import { answersSeen, as, call, newPerson } from "./caller.ts";
import { approve, deployed, draft, enter, planOf, stage, verdict, waitBuilt } from "./flow.ts";

// A secret build variable and secrets of a configuration on their whole way: where they must be, and nowhere else.

const random = () => randomBytes(12).toString("hex");
const PROJECT = `sec-${randomBytes(3).toString("hex")}`;
const values = {
  build: `bau-${random()}`,
  line: `zeile-${random()}`,
  config: `cfg-${random()}`,
  // Characters that are written differently in JSON, URLs and shells.
  odd: `o"d&d ${random()}/+=%'`,
  rotated: `neu-${random()}`,
};

/** Every way in which a value could have been written down. */
function forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}
const needles = Object.values(values).flatMap(forms);
const found = (text: string, where: string): string[] =>
  needles.filter((needle) => text.includes(needle)).map((needle) => `${where}: ${needle}`);

async function rowsOfEveryTable(): Promise<Map<string, string[]>> {
  const client = new pg.Client({ connectionString: portalState().databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const all = new Map<string, string[]>();
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      all.set(
        name,
        rows.map(({ text }) => text),
      );
    }
    return all;
  } finally {
    await client.end();
  }
}

/** Listens to the project's events until it is told to stop; answers everything that was said. */
function listen(token: string): () => Promise<string> {
  const abort = new AbortController();
  const said = (async () => {
    let text = "";
    try {
      const response = await fetch(`${portalState().url}/api/v1/events?topic=project:${PROJECT}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: abort.signal,
      });
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
    return text;
  })();
  return async () => {
    abort.abort();
    return said;
  };
}

test("secrets reach the build and the cluster, and nothing else", async () => {
  const admin = as("admin");
  const owner = await newPerson({});
  await call(admin, "POST", "/projects", { key: PROJECT, name: PROJECT, owner: owner.username });
  for (const [username, role] of [
    ["tester", "tester"],
    ["ops", "ops"],
    ["ops2", "ops"],
  ]) {
    const set = await call(owner, "PUT", `/projects/${PROJECT}/members`, { username, roles: [role] });
    expect(set.status, set.text).toBeLessThan(300);
  }
  const usual = await call(as("owner"), "GET", "/projects/quotes/components/quote-api");
  const clusters = z.object({ items: z.array(z.object({ key: z.string() })) });
  const [cluster] = clusters.parse((await call(admin, "GET", "/clusters")).json).items;
  const targets = ["FAT", "STAGING"].map((environment) => ({
    environment,
    cluster: cluster?.key,
    namespace: `${PROJECT}-${environment.toLowerCase()}`,
  }));
  const placed = await call(owner, "PUT", `/projects/${PROJECT}/targets`, { targets });
  expect(placed.status, placed.text).toBeLessThan(300);
  const stop = listen(owner.token);

  const { gitUrl, baseImage, registry } = usual.json;
  const made = await call(owner, "POST", `/projects/${PROJECT}/components`, {
    key: "api",
    name: "api",
    gitUrl,
    baseImage,
    registry,
    // A build that says what it should not: each value whole, and in the middle of a line.
    buildCommand: `echo "key=$BUILD_KEY;" && echo "$BUILD_PEM" && echo "mid${"$"}{BUILD_KEY}dle" && node build.mjs`,
  });
  expect(made.status, made.text).toBe(201);
  const saved = await call(owner, "PATCH", `/projects/${PROJECT}/components/api`, {
    version: made.json.version,
    variables: [
      { name: "BUILD_KEY", secret: true, value: values.build },
      { name: "BUILD_PEM", secret: true, value: `-----BEGIN-----\n${values.line}\n-----END-----` },
    ],
  });
  expect(saved.status, saved.text).toBe(200);
  const config = (environment: string, body: unknown, headers = {}) =>
    call(owner, "PUT", `/projects/${PROJECT}/components/api/config/${environment}`, body, headers);
  const secrets = [
    { name: "DB_PASSWORD", value: values.config },
    { name: "ODD", value: values.odd },
  ];
  // With a key: what is kept for a repeat is no place for secrets either.
  const kept = { "idempotency-key": random() };
  const configured = await config("FAT", { version: 0, secrets }, kept);
  expect(configured.status, configured.text).toBe(200);
  expect((await config("STAGING", { version: 0, secrets })).status).toBe(200);
  // Refused requests are told without their contents.
  expect((await config("FAT", { version: 0, secrets }, { "idempotency-key": random() })).status).toBe(409);
  expect((await config("FAT", { version: 1, cpuLimit: "no", secrets })).status).toBe(400);
  expect((await config("FAT", { version: 1, secrets: [{ name: "1 x", value: values.config }] })).status).toBe(
    400,
  );

  const number = await draft(owner, PROJECT, "api", "密钥去向");
  expect((await call(owner, "POST", `/releases/${number}/build`)).status).toBe(202);
  const release = await waitBuilt(number);
  expect(release.state, JSON.stringify(release)).toBe("built");
  const log = await call(as("auditor"), "GET", `/builds/${release.items[0]?.build?.id}/log`);
  expect(log.text).toContain("key=****;");
  expect(log.text).toContain("mid****dle");

  await enter(number, "FAT");
  await deployed("ops", (await planOf("ops", number, "FAT")).digest);
  expect((await verdict("tester", number, "FAT")).status).toBeLessThan(300);
  await enter(number, "STAGING");
  const plan = await planOf("ops", number, "STAGING");
  expect((await approve("ops2", plan.digest)).status).toBeLessThan(300);
  const done = await deployed("ops", plan.digest);
  // A new value, seen against the one that runs; the cluster's answer holds the old one.
  const rotated = await config("STAGING", {
    version: 1,
    secrets: [{ name: "DB_PASSWORD", value: values.rotated }],
  });
  expect(rotated.status, rotated.text).toBe(200);
  const again = await planOf("ops", number, "STAGING");
  expect(again.digest).not.toBe(plan.digest);

  // What runs has them.
  const context = portalState()
    .kubeconfigs.flatMap((path) => splitKubeconfig(readFileSync(path, "utf8")))
    .at(0);
  const client = createCluster({ kubeconfig: context?.kubeconfig ?? "" });
  const { items } = await client.list({ apiVersion: "v1", kind: "Secret", namespace: `${PROJECT}-staging` });
  const inCluster = items.map((item) => JSON.stringify(item)).join("\n");
  expect(inCluster).toContain(Buffer.from(values.config).toString("base64"));
  expect(inCluster).toContain(Buffer.from(values.odd).toString("base64"));

  // Read everything that can be read.
  for (const who of ["auditor", "admin", "ops"]) {
    for (const path of [
      `/releases/${number}`,
      `/releases/${number}/timeline?limit=200`,
      `/plans/${plan.digest}`,
      `/plans/${again.digest}`,
      `/deployments/${done.id}`,
      `/builds/${release.items[0]?.build?.id}`,
      `/projects/${PROJECT}/components/api`,
      `/projects/${PROJECT}/components/api/config/STAGING`,
      `/projects/${PROJECT}/components/api/config/STAGING/versions`,
      `/projects/${PROJECT}/environments/STAGING/live`,
      `/projects/${PROJECT}/environments/STAGING/live/history`,
      `/audit?project=${PROJECT}&limit=200`,
      "/search?q=api",
      "/home",
    ]) {
      const reply = await call(as(who), "GET", path);
      expect([200, 403], `${who} ${path} ${reply.text.slice(0, 200)}`).toContain(reply.status);
    }
  }
  await stage("tester", number, "STAGING", "leave");

  const events = await stop();
  expect(events).toContain("deployment.succeeded");
  expect(found(events, "events")).toEqual([]);
  expect(answersSeen().flatMap((text) => found(text, text.slice(0, 120)))).toEqual([]);

  const tables = await rowsOfEveryTable();
  expect([...tables.keys()].length).toBeGreaterThan(30);
  const leaks = [...tables].flatMap(([name, rows]) => rows.flatMap((row) => found(row, name)));
  expect(leaks).toEqual([]);
  // The tokens that people were given in this test are not there either.
  const everything = [...tables.values()].flat().join("\n");
  expect(everything).toContain(number);
  expect(everything).not.toContain(owner.token);
  expect(everything).not.toContain(owner.password);

  const logs = join(dirname(process.env.E2E_STATE ?? ""), "logs");
  for (const name of readdirSync(logs).filter((file) => /^(web|worker)/.test(file))) {
    const text = readFileSync(join(logs, name), "utf8");
    expect(found(text, name)).toEqual([]);
    expect(text).not.toContain(owner.token);
  }
});

test("a new token is shown once, also with a key for repeats", async () => {
  const person = await newPerson({});
  const key = { "idempotency-key": random() };
  const first = await call(person, "POST", "/tokens", { name: "ci" }, key);
  expect(first.status, first.text).toBe(201);
  expect((await call(person, "POST", "/tokens", { name: "ci" }, key)).json).toEqual(first.json);
  const list = await call(person, "GET", "/tokens");
  expect(list.text).not.toContain(String(first.json.token));
  const tables = await rowsOfEveryTable();
  const holding = [...tables].filter(([, rows]) =>
    rows.some((row) => row.includes(String(first.json.token))),
  );
  expect(holding.map(([name]) => name)).toEqual([]);
});
