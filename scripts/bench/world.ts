import { randomBytes } from "node:crypto";
import { splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret, sha256 } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { WEB_TEMPLATE } from "#lib/templates/defaults/web.ts";
import { pushImage } from "#sandbox/registry/push.ts";

/** Ten objects a deployment: two components, each with these five kinds. */
export const KINDS = [
  { apiVersion: "v1", kind: "ServiceAccount" },
  { apiVersion: "v1", kind: "ConfigMap" },
  { apiVersion: "v1", kind: "Secret" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "apps/v1", kind: "Deployment" },
] as const;
export const EVENT = { apiVersion: "v1", kind: "Event" } as const;
/** What a change of the stream's measurement is called, wherever it appears. */
export const CHANGE_PREFIX = "bench-change-";
export const CHANGE = /bench-change-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const COMPONENTS = ["api", "web"];
export const OBJECTS = KINDS.length * COMPONENTS.length;
const TEMPLATE = `${WEB_TEMPLATE}---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ component.key }}
automountServiceAccountToken: false
`;
const PROGRAM = `require("node:http").createServer((request, response) => response.end("ok"))
  .listen(Number(process.env.PORT), process.env.HOST ?? "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
`;
export const SECRET = { name: "DB_PASSWORD", value: "bench-secret" };

/** A release order that waits to be deployed, in a project and a namespace of its own. */
export type Lane = { project: string; release: string; namespace: string; bareNamespace: string };
export type World = { token: string; environment: string; lanes: Lane[] };

/** Fills an empty database with one project per lane, each with a built release order that entered the environment. */
export async function makeWorld(input: {
  lanes: number;
  kubeconfig: string;
  registryUrl: string;
}): Promise<World> {
  const run = randomBytes(3).toString("hex");
  const token = `rft_${randomBytes(32).toString("base64url")}`;
  const user = await db.user.create({ data: { username: "bench", displayName: "Bench" } });
  await db.apiToken.create({ data: { userId: user.id, name: "bench", tokenHash: sha256(token) } });
  const [context] = splitKubeconfig(input.kubeconfig);
  if (!context) throw new Error("the kubeconfig has no context");
  const cluster = await db.cluster.create({
    data: { key: "bench", name: context.name, server: context.server },
  });
  const credentialEncrypted = encryptSecret(context.kubeconfig, secretContext.cluster(cluster.id));
  await db.cluster.update({ where: { id: cluster.id }, data: { credentialEncrypted } });
  const key = `B${run}`.toUpperCase();
  const environment = await db.environment.create({ data: { key, name: key, rank: 1, kind: "open" } });
  await db.template.create({
    data: {
      name: "bench",
      environmentId: environment.id,
      versions: { create: { version: 1, body: TEMPLATE, createdById: user.id } },
    },
  });
  const servers = {
    buildServerId: (
      await db.buildServer.create({
        data: { key: "ci", name: "CI", url: "http://127.0.0.1:1", username: "ci", tokenEncrypted: "" },
      })
    ).id,
    registryId: (
      await db.registry.create({ data: { key: "images", name: "Images", url: input.registryUrl } })
    ).id,
  };
  const repository = "bench/app";
  const digest = await pushImage(
    { registryUrl: input.registryUrl, repository, tag: run },
    {
      files: { "app/server.cjs": PROGRAM },
      config: { Cmd: ["node", "server.cjs"], WorkingDir: "/app" },
    },
  );
  const image = { host: new URL(input.registryUrl).host, repository, tag: run, digest };
  const lanes: Lane[] = [];
  for (let index = 1; index <= input.lanes; index += 1) {
    const project = `bench-${index}`;
    const namespace = `bench-${run}-${index}`;
    const { id: projectId } = await db.project.create({ data: { key: project, name: project } });
    await db.membership.create({ data: { projectId, userId: user.id, role: "ops" } });
    await db.projectEnvironment.create({ data: { projectId, environmentId: environment.id } });
    await db.target.create({
      data: { projectId, environmentId: environment.id, clusterId: cluster.id, namespace },
    });
    const release = `${project}-1`;
    await makeRelease({ release, projectId, environmentId: environment.id, userId: user.id, servers, image });
    lanes.push({ project, release, namespace, bareNamespace: `${namespace}-bare` });
  }
  return { token, environment: key, lanes };
}

async function makeRelease(input: {
  release: string;
  projectId: string;
  environmentId: string;
  userId: string;
  servers: { buildServerId: string; registryId: string };
  image: { host: string; repository: string; tag: string; digest: string };
}): Promise<void> {
  const { projectId, environmentId, userId, image } = input;
  const commit = "c".repeat(40);
  const { id: releaseId } = await db.release.create({
    data: {
      number: input.release,
      projectId,
      title: "Bench",
      state: "built",
      createdById: userId,
      stages: { create: { environmentId, state: "entered" } },
    },
  });
  for (const key of COMPONENTS) {
    const { id: componentId } = await db.component.create({
      data: { projectId, key, name: key, gitUrl: "https://git.example.com/bench.git", ...input.servers },
    });
    const config = await db.componentConfig.create({
      data: { componentId, environmentId, variables: { GREETING: "hello" } },
    });
    const valueEncrypted = encryptSecret(SECRET.value, secretContext.configSecret(config.id, SECRET.name));
    await db.configSecret.create({ data: { configId: config.id, name: SECRET.name, valueEncrypted } });
    const { id: itemId } = await db.releaseItem.create({
      data: { releaseId, componentId, ref: "main", commit, commitAuthor: "Bench" },
    });
    const build = await db.build.create({
      data: {
        itemId,
        attempt: 1,
        attemptId: `${input.release}-${key}`,
        state: "succeeded",
        triggeredById: userId,
        parameters: {},
      },
    });
    const repository = `${image.host}/${image.repository}`;
    await db.artifact.create({
      data: {
        itemId,
        buildId: build.id,
        image: `${repository}:${image.tag}`,
        repository,
        digest: image.digest,
        commit,
      },
    });
  }
}
