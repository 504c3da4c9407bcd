import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import { connectRegistry, secretContext } from "#lib/connections/connect.ts";
import { encryptSecret, hashPassword, sha256 } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { env } from "#lib/env.ts";
import { WEB_TEMPLATE, WEB_TEMPLATE_NAME } from "#lib/templates/defaults/web.ts";
import { PUBLIC_BASE } from "#sandbox/registry/base-images.ts";
import { ENVIRONMENTS, PROJECTS, USERS, type Username } from "./catalog.ts";
import { seedHistory } from "./history.ts";
import { type ImageRules, rulesOf, seedWaivers } from "./policies.ts";
import { readSettings, type SeedSettings } from "./settings.ts";

/*
 * Fills an empty database with the demo's catalog. It may run again: what is there is left alone, so that what people
 * changed in the demo stays. Tokens are derived from the demo's key, so that a second run can print them again.
 */

const passwordOf = (username: string) => `demo-${username}`;
const tokenOf = (username: string) =>
  `rft_${createHmac("sha256", Buffer.from(env.ENCRYPTION_KEY, "base64")).update(`demo-token:${username}`).digest("base64url")}`;

async function seedUsers(): Promise<Map<Username, string>> {
  const ids = new Map<Username, string>();
  for (const { username, displayName, globalRoles } of USERS) {
    const known = await db.user.findUnique({ where: { username }, select: { id: true } });
    const user =
      known ??
      (await db.user.create({
        data: {
          username,
          displayName,
          globalRoles: [...globalRoles],
          passwordHash: await hashPassword(passwordOf(username)),
        },
        select: { id: true },
      }));
    await db.apiToken.upsert({
      where: { tokenHash: sha256(tokenOf(username)) },
      create: { userId: user.id, name: "demo", tokenHash: sha256(tokenOf(username)) },
      update: {},
    });
    ids.set(username, user.id);
  }
  return ids;
}

/** Every context of every kubeconfig is a cluster; its key is made from the context's name. */
async function seedClusters(paths: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const path of paths) {
    for (const context of splitKubeconfig(await readFile(path, "utf8"))) {
      const key =
        context.name
          .toLowerCase()
          .replace(/[^a-z0-9-]+/g, "-")
          .replace(/^[^a-z]+|-+$/g, "")
          .slice(0, 40) || "cluster";
      const known = await db.cluster.findUnique({ where: { key }, select: { id: true } });
      const row =
        known ?? (await db.cluster.create({ data: { key, name: context.name, server: context.server } }));
      // Addresses and tokens of the demo's own clusters change when it is started on other ports.
      await db.cluster.update({
        where: { id: row.id },
        data: {
          server: context.server,
          credentialEncrypted: encryptSecret(context.kubeconfig, secretContext.cluster(row.id)),
        },
      });
      ids.push(row.id);
    }
  }
  return ids;
}

async function seedRegistry(
  { SEED_HARBOR_ROBOT: username, SEED_HARBOR_SECRET: secret }: SeedSettings,
  row: { key: string; name: string; url: string; kind: string },
) {
  const { key, url, kind } = row;
  const registry = await db.registry.upsert({ where: { key }, create: row, update: { url, kind } });
  if (kind === "harbor") {
    const passwordEncrypted = encryptSecret(secret, secretContext.registry(registry.id));
    await db.registry.update({ where: { id: registry.id }, data: { username, passwordEncrypted } });
  }
  return registry;
}

async function seedServers(settings: SeedSettings) {
  const jenkins = {
    name: "Jenkins",
    url: settings.SEED_JENKINS_URL,
    username: settings.SEED_JENKINS_USER,
    jobName: settings.SEED_JENKINS_JOB,
  };
  const buildServer = await db.buildServer.upsert({
    where: { key: "jenkins" },
    create: { key: "jenkins", ...jenkins, tokenEncrypted: "" },
    update: jenkins,
  });
  await db.buildServer.update({
    where: { id: buildServer.id },
    data: {
      tokenEncrypted: encryptSecret(settings.SEED_JENKINS_TOKEN, secretContext.buildServer(buildServer.id)),
    },
  });
  const registry = await seedRegistry(settings, {
    key: "registry",
    name: "Registry",
    url: settings.SEED_REGISTRY_URL,
    kind: settings.SEED_REGISTRY_KIND,
  });
  const production = settings.SEED_PRODUCTION_REGISTRY_URL;
  const own =
    production === undefined
      ? null
      : await seedRegistry(settings, {
          key: "prod",
          name: "Production registry",
          url: production,
          kind: "harbor",
        });
  const { host } = new URL(settings.SEED_GIT_URL);
  if (!(await db.sourceHost.findUnique({ where: { host }, select: { id: true } }))) {
    // On another port the demo's Git is another host: a credential that somebody stored was not for it.
    const fresh = { host, credentialKind: "none", username: null, credentialEncrypted: null };
    await db.sourceHost.upsert({
      where: { key: "git" },
      create: { key: "git", name: "Git", ...fresh },
      update: fresh,
    });
  }
  return { buildServerId: buildServer.id, registryId: registry.id, production: own?.id ?? null };
}

/** The key that the demo's build server signs with; another one once the demo was made anew. */
async function seedSigningKey({ SEED_SIGNING_KEY: publicKey }: SeedSettings): Promise<void> {
  if (publicKey === undefined) return;
  const key = "build-server";
  await db.signingKey.upsert({
    where: { key },
    create: { key, name: "构建服务器", publicKey },
    update: { publicKey },
  });
}

/** The public image and the business bases on it. What the public one was before, the demo's registry still has. */
async function seedBases(registryId: string): Promise<void> {
  const base = (key: string, name: string, repository: string, tag: string, parentId: string | null) =>
    db.baseImage.upsert({
      where: { key },
      create: { key, name, registryId, repository, tag, parentId },
      update: {},
      select: { id: true },
    });
  const { repository, tag, before } = PUBLIC_BASE;
  const known = await db.baseImage.findUnique({ where: { key: "debian" }, select: { id: true } });
  const { id } = await base("debian", "Debian 12", repository, tag, null);
  await base("node-24", "Node.js 24", "base/node", "24", id);
  await base("python-3", "Python 3", "base/python", "3", id);
  if (known) return;
  // As if the portal had watched the tag before it moved.
  const former = await (await connectRegistry(registryId)).inspect({ repository, reference: before });
  if (!former) return;
  await db.baseImageVersion.create({
    data: {
      baseImageId: id,
      digest: former.digest,
      layers: former.layers.flatMap(({ diffId }) => diffId ?? []),
      createdAt: former.createdAt,
      seenAt: new Date(Date.now() - 30 * 86_400_000),
    },
  });
}

async function seedEnvironments(
  authorId: string,
  { production, signed }: ImageRules,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const environment of ENVIRONMENTS) {
    const rules = rulesOf(environment.key, { production, signed });
    const row = await db.environment.upsert({
      where: { key: environment.key },
      create: { ...environment, ...rules },
      update: {},
      select: { id: true },
    });
    ids.set(environment.key, row.id);
    const template = await db.template.findFirst({
      where: { environmentId: row.id, projectId: null, componentId: null },
    });
    if (!template) {
      await db.template.create({
        data: {
          name: WEB_TEMPLATE_NAME,
          environmentId: row.id,
          versions: {
            create: { version: 1, body: WEB_TEMPLATE, comment: "first template", createdById: authorId },
          },
        },
      });
    }
  }
  return ids;
}

async function seedProjects(
  settings: SeedSettings,
  users: Map<Username, string>,
  environments: Map<string, string>,
  servers: { buildServerId: string; registryId: string },
  clusters: string[],
): Promise<void> {
  const [first, second = first] = clusters;
  if (!first || !second) throw new Error("no cluster: SEED_KUBECONFIGS names no context");
  const registryHost = new URL(settings.SEED_REGISTRY_URL).host;
  for (const seed of PROJECTS) {
    const known = await db.project.findUnique({ where: { key: seed.key }, select: { id: true } });
    const project =
      known ??
      (await db.project.create({ data: { key: seed.key, name: seed.name, description: seed.description } }));
    const place = (environment: string, clusterId: string, wave: number) => ({
      projectId: project.id,
      environmentId: environments.get(environment) ?? "",
      clusterId,
      namespace: `${seed.key}-${environment.toLowerCase()}`,
      wave,
    });
    if (!known) {
      await db.membership.createMany({
        data: seed.members.map(([username, role]) => ({
          projectId: project.id,
          userId: users.get(username) ?? "",
          role,
        })),
      });
      await db.projectEnvironment.createMany({
        data: [...environments].map(([key, environmentId]) => ({
          projectId: project.id,
          environmentId,
          developersMayDeploy: key === "FAT" && seed.developersMayDeploy,
        })),
      });
      const targets = [place("FAT", first, 1), place("STAGING", first, 1), place("PROD", first, 1)];
      if (second !== first) targets.push(place("PROD", second, 2));
      await db.target.createMany({ data: targets });
    }
    for (const component of seed.components) {
      if (component.needsPython && settings.SEED_HAS_PYTHON === "0") continue;
      const { repository, needsPython: _, variables, ...fields } = component;
      const addresses = {
        gitUrl: `${settings.SEED_GIT_URL.replace(/\/$/, "")}/${repository}.git`,
        baseImage: `${registryHost}/${component.baseImage}`,
      };
      const row = await db.component.upsert({
        where: { projectId_key: { projectId: project.id, key: component.key } },
        create: { ...fields, ...addresses, ...servers, projectId: project.id },
        update: addresses,
        select: { id: true },
      });
      for (const [key, environmentId] of environments) {
        await db.componentConfig.upsert({
          where: { componentId_environmentId: { componentId: row.id, environmentId } },
          create: {
            componentId: row.id,
            environmentId,
            replicas: key === "PROD" ? 2 : 1,
            memoryLimit: key === "FAT" ? "128Mi" : "256Mi",
            variables,
          },
          update: {},
        });
      }
    }
  }
}

const settings = readSettings();
const users = await seedUsers();
const clusters = await seedClusters(settings.SEED_KUBECONFIGS);
const { production, ...servers } = await seedServers(settings);
await seedSigningKey(settings);
await seedBases(servers.registryId);
const environments = await seedEnvironments(users.get("admin") ?? "", {
  production,
  signed: settings.SEED_SIGNING_KEY !== undefined,
});
await seedProjects(settings, users, environments, servers, clusters);
await seedWaivers(users, environments);
if (settings.SEED_HISTORY === "1")
  await seedHistory({
    users,
    environments,
    servers: { buildServerId: servers.buildServerId, registryId: servers.registryId },
    registryHost: new URL(settings.SEED_REGISTRY_URL).host,
    gitUrl: settings.SEED_GIT_URL,
    gitDir: settings.SEED_GIT_DIR,
  });

const roles = (username: Username) => [
  ...new Set(
    PROJECTS.flatMap(({ members }) => members.filter(([name]) => name === username).map(([, role]) => role)),
  ),
  ...(USERS.find((user) => user.username === username)?.globalRoles ?? []),
];
process.stdout.write(
  `${JSON.stringify({
    accounts: USERS.map(({ username }) => ({
      username,
      password: passwordOf(username),
      roles: roles(username),
    })),
    tokens: Object.fromEntries(USERS.map(({ username }) => [username, tokenOf(username)])),
  })}\n`,
);
await db.$disconnect();
