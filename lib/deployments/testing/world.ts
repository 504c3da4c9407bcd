import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { WEB_TEMPLATE } from "#lib/templates/defaults/web.ts";
import { startKubernetes } from "#sandbox/kubernetes/server.ts";
import { pushImage } from "#sandbox/registry/push.ts";
import { startRegistry } from "#sandbox/registry/server.ts";

/** A program that answers its probe, or says why it cannot and ends. */
const program = (version: string, crashes: boolean) => `
import { createServer } from "node:http";
${crashes ? 'console.error("FATAL cannot reach the ledger"); process.exit(3);' : ""}
createServer((request, response) => response.end("${version} " + process.env.GREETING + "\\n"))
  .listen(Number(process.env.PORT), process.env.HOST ?? "0.0.0.0");
console.log("listening ${version}");
process.on("SIGTERM", () => process.exit(0));
`;

/** Clusters, a registry, a project with one component on FAT and PROD, and people of every role. */
export async function makeWorld(options: { clusters?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "refract-deploy-"));
  const registry = await startRegistry({ port: 0, dataDir: join(folder, "registry") });
  const names = Array.from({ length: options.clusters ?? 1 }, (_, index) => `cluster-${index + 1}`);
  const kubernetes = await Promise.all(
    names.map((name) => startKubernetes({ port: 0, dataDir: join(folder, name), name, adminToken: "admin" })),
  );
  const { id: projectId } = await db.project.create({ data: { key: "shop", name: "Shop" } });
  const fat = await db.environment.create({ data: { key: "FAT", name: "FAT", rank: 1, kind: "open" } });
  const prod = await db.environment.create({
    data: { key: "PROD", name: "PROD", rank: 2, kind: "controlled", approvalsRequired: 1 },
  });
  for (const { id } of [fat, prod])
    await db.projectEnvironment.create({ data: { projectId, environmentId: id } });
  const person = async (username: string, roles: string[]): Promise<string> => {
    const user = await db.user.create({ data: { username, displayName: username.toUpperCase() } });
    for (const role of roles) await db.membership.create({ data: { projectId, userId: user.id, role } });
    return user.id;
  };
  const people = {
    dev: await person("dev", ["developer"]),
    tester: await person("tester", ["tester"]),
    ops: await person("ops", ["ops"]),
    ops2: await person("ops2", ["ops"]),
    owner: await person("owner", ["owner"]),
  };
  for (const [index, cluster] of kubernetes.entries()) {
    const key = names[index] ?? "";
    const { id } = await db.cluster.create({ data: { key, name: key, server: cluster.url } });
    const credentialEncrypted = encryptSecret(cluster.kubeconfig, secretContext.cluster(id));
    await db.cluster.update({ where: { id }, data: { credentialEncrypted } });
    for (const environment of [fat, prod]) {
      const namespace = `shop-${environment.key.toLowerCase()}`;
      await db.target.create({
        data: { projectId, environmentId: environment.id, clusterId: id, namespace, wave: index + 1 },
      });
    }
  }
  const author = { createdById: people.ops };
  for (const environment of [fat, prod]) {
    await db.template.create({
      data: {
        name: "web",
        environmentId: environment.id,
        versions: { create: { version: 1, body: WEB_TEMPLATE, ...author } },
      },
    });
  }
  const buildServer = await db.buildServer.create({
    data: { key: "ci", name: "CI", url: "http://127.0.0.1:1", username: "ci", tokenEncrypted: "none" },
  });
  const registryRow = await db.registry.create({
    data: { key: "images", name: "Images", url: registry.url },
  });
  const component = await db.component.create({
    data: {
      projectId,
      key: "api",
      name: "API",
      gitUrl: "https://git.example.com/shop/api.git",
      buildServerId: buildServer.id,
      registryId: registryRow.id,
    },
  });
  for (const environment of [fat, prod]) {
    const config = await db.componentConfig.create({
      data: { componentId: component.id, environmentId: environment.id, variables: { GREETING: "hello" } },
    });
    await db.configSecret.create({
      data: {
        configId: config.id,
        name: "DB_PASSWORD",
        valueEncrypted: encryptSecret("hunter2-secret", secretContext.configSecret(config.id, "DB_PASSWORD")),
      },
    });
  }

  /** A built release order of the component, raised by `dev`, that has entered `environment`. */
  const release = async (number: string, input: { crashes?: boolean; environment?: "FAT" | "PROD" } = {}) => {
    const content = {
      files: { "app/server.mjs": program(number, input.crashes ?? false) },
      config: { Cmd: ["node", "server.mjs"], WorkingDir: "/app" },
    };
    const digest = await pushImage(
      { registryUrl: registry.url, repository: "shop/api", tag: number },
      content,
    );
    const image = `127.0.0.1:${registry.port}/shop/api:${number}`;
    const commit = "c".repeat(40);
    const created = await db.release.create({
      data: {
        number,
        projectId,
        title: `Release ${number}`,
        state: "built",
        createdById: people.dev,
        items: { create: { componentId: component.id, ref: "main", commit, commitAuthor: "Dev" } },
        stages: {
          create: [
            { environmentId: fat.id, state: input.environment === "PROD" ? "passed" : "entered" },
            { environmentId: prod.id, state: input.environment === "PROD" ? "entered" : "waiting" },
          ],
        },
      },
      select: { id: true, items: { select: { id: true } } },
    });
    const itemId = created.items[0]?.id ?? "";
    const build = await db.build.create({
      data: {
        itemId,
        attempt: 1,
        attemptId: number,
        state: "succeeded",
        triggeredById: people.dev,
        parameters: {},
      },
    });
    await db.artifact.create({
      data: {
        itemId,
        buildId: build.id,
        image,
        repository: `127.0.0.1:${registry.port}/shop/api`,
        digest,
        commit,
      },
    });
    return { id: created.id, number, digest };
  };
  const actor = async (name: keyof typeof people): Promise<Actor> => {
    const found = await loadActor(people[name]);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const cluster = (index = 0) => createCluster({ kubeconfig: kubernetes[index]?.kubeconfig ?? "" });
  /** Starts a closed cluster again where it was, with what it had. */
  const reopen = async (index: number) => {
    const closed = kubernetes[index];
    const name = names[index];
    if (!closed || !name) throw new Error(`no cluster ${index}`);
    kubernetes[index] = await startKubernetes({
      port: closed.port,
      dataDir: join(folder, name),
      name,
      adminToken: "admin",
    });
  };
  const close = async () => {
    await Promise.all([...kubernetes, registry].map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  };
  return {
    projectId,
    fat,
    prod,
    people,
    component,
    release,
    actor,
    cluster,
    registry,
    kubernetes,
    reopen,
    close,
  };
}
export type World = Awaited<ReturnType<typeof makeWorld>>;
