import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { createCluster as connect } from "#lib/adapters/kubernetes/cluster.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { guardedLookup, parseNetworks } from "#lib/connections/networks.ts";
import { db } from "#lib/db.ts";
import { startKubernetes } from "#sandbox/kubernetes/server.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { createClusterSchema, updateClusterSchema } from "./schema.ts";
import { checkCluster, createCluster, updateCluster } from "./service.ts";

await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "refract-clusters-"));
const start = (name: string) =>
  startKubernetes({ port: 0, dataDir: join(folder, name), name, adminToken: `token-of-${name}` });
let east: Awaited<ReturnType<typeof start>>;
let west: Awaited<ReturnType<typeof start>>;
let admin: Actor;
let ops: Actor;

beforeAll(async () => {
  [east, west] = await Promise.all([start("east"), start("west")]);
  const person = async (username: string, globalRoles: string[]): Promise<Actor> => {
    const { id } = await db.user.create({ data: { username, displayName: username, globalRoles } });
    const found = await loadActor(id);
    if (!found) throw new Error(`${username} is gone`);
    return found;
  };
  admin = await person("admin", ["admin"]);
  ops = await person("ops", []);
});
afterAll(async () => {
  await Promise.all([east?.close(), west?.close()]);
  await rm(folder, { recursive: true, force: true });
});

const kubeconfig = (server: string, extra: { cluster?: object; user?: object } = {}) =>
  stringify({
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server, ...extra.cluster } }],
    users: [{ name: "u", user: extra.user ?? { token: "secret-token" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  });
const create = (key: string, text: string) =>
  createCluster({ actor: admin, ...createClusterSchema.parse({ key, name: key, kubeconfig: text }) });
const update = (cluster: string, change: Record<string, unknown>, actor = admin) =>
  updateCluster({ actor, cluster, ...updateClusterSchema.parse(change) });
const stored = async (key: string) =>
  db.cluster.findUniqueOrThrow({
    where: { key },
    select: { id: true, server: true, credentialEncrypted: true, version: true, checkedAt: true },
  });

describe("registering", () => {
  test.each([
    ["a program", kubeconfig("https://10.0.0.1", { user: { exec: { command: "/bin/sh" } } }), "exec"],
    [
      "a provider",
      kubeconfig("https://10.0.0.1", { user: { "auth-provider": { name: "gcp" } } }),
      "auth-provider",
    ],
    ["a key file", kubeconfig("https://10.0.0.1", { user: { "client-key": "/root/key" } }), "client-key"],
    ["a token file", kubeconfig("https://10.0.0.1", { user: { tokenFile: "/etc/shadow" } }), "tokenFile"],
    [
      "a file of certificates",
      kubeconfig("https://10.0.0.1", { cluster: { "certificate-authority": "/ca" } }),
      "certificate-authority",
    ],
    ["a proxy", kubeconfig("https://10.0.0.1", { cluster: { "proxy-url": "http://10.9.9.9" } }), "proxy-url"],
  ])("refuses %s, says which, and keeps nothing", async (_, text, named) => {
    await expect(create("refused", text)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      blockers: [{ code: "KUBECONFIG_REFUSED", facts: { reason: expect.stringContaining(named) } }],
    });
    expect(await db.cluster.count({ where: { key: "refused" } })).toBe(0);
  });

  test.each(["http://169.254.169.254", "https://[fe80::1]:6443", "https://metadata.google.internal"])(
    "refuses %s: clusters may not be there",
    async (server) => {
      await expect(create("refused", kubeconfig(server))).rejects.toMatchObject({
        code: "INVALID_INPUT",
        blockers: [{ code: "CLUSTER_NETWORK_REFUSED", facts: { server } }],
      });
    },
  );

  test("keeps a good one, whose check tells the account and the rights", async () => {
    expect(await create("east", east.kubeconfig)).toMatchObject({
      server: east.url,
      hasCredential: true,
      version: 1,
    });
    const checked = await checkCluster({ actor: admin, cluster: "east" });
    expect(checked.findings.map(({ code, ok }) => `${code} ${ok}`)).toEqual([
      "REACHABLE true",
      "VERSION true",
      "ACCOUNT true",
    ]);
  });
});

describe("another server", () => {
  test("is refused without a kubeconfig of its own; the stored credential stays where it is", async () => {
    const before = await stored("east");
    await expect(update("east", { version: before.version, server: west.url })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      blockers: [{ code: "CREDENTIAL_NEEDED" }],
    });
    const foreign = { version: before.version, server: "https://10.0.0.9", kubeconfig: west.kubeconfig };
    await expect(update("east", foreign)).rejects.toMatchObject({
      blockers: [{ code: "CREDENTIAL_NEEDED" }],
    });
    expect(await stored("east")).toEqual(before);
  });

  test("with one drops the old credential and what was found with it, on record", async () => {
    const before = await stored("east");
    const client = await connectCluster(before.id);
    const change = { version: before.version, server: west.url, kubeconfig: west.kubeconfig };
    const changed = await update("east", change);
    expect(changed).toMatchObject({
      server: west.url,
      findings: [],
      checkedAt: null,
      version: before.version + 1,
    });
    const after = await stored("east");
    expect(after.credentialEncrypted).not.toBe(before.credentialEncrypted);
    expect(await connectCluster(after.id)).not.toBe(client);
    const [entry] = await db.auditEntry.findMany({
      where: { action: "cluster.update" },
      orderBy: { seq: "desc" },
    });
    expect(entry?.data).toMatchObject({
      before: { server: east.url },
      after: { server: west.url },
      credential: "replaced",
    });
    expect(JSON.stringify(entry?.data)).not.toContain("token-of");
    await expect(update("east", change)).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
  });

  test("a name alone changes nothing else, and only an admin changes it", async () => {
    const before = await stored("east");
    await expect(update("east", { version: before.version, name: "Other" }, ops)).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect(await update("east", { version: before.version, name: "East" })).toMatchObject({ name: "East" });
    expect((await stored("east")).credentialEncrypted).toBe(before.credentialEncrypted);
  });
});

describe("connecting looks again at where the server is", () => {
  test("an address that was written past the service is refused", async () => {
    const row = await stored("east");
    await db.cluster.update({ where: { id: row.id }, data: { server: "http://169.254.169.254" } });
    await expect(connectCluster(row.id)).rejects.toMatchObject({ failure: "invalid", retryable: false });
    const { findings } = await checkCluster({ actor: admin, cluster: "east" });
    expect(findings).toMatchObject([
      { ok: false, message: expect.stringContaining("REFRACT_CLUSTER_NETWORKS") },
    ]);
    await db.cluster.update({ where: { id: row.id }, data: { server: row.server } });
  });

  test("a name that leads to the machine itself is refused at the connection, with no request sent", async () => {
    const named = east.kubeconfig.replace("127.0.0.1", "localhost");
    const by = (setting: string) =>
      connect({
        kubeconfig: named,
        lookup: guardedLookup(parseNetworks(setting, "REFRACT_CLUSTER_NETWORKS")),
      });
    await expect(by("default").version()).rejects.toMatchObject({ failure: "invalid", retryable: false });
    await expect(by("10.0.0.0/8").version()).rejects.toMatchObject({ failure: "invalid" });
    expect((await by("127.0.0.0/8, ::1").version()).gitVersion).toMatch(/^v/);
  });
});
