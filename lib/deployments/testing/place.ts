import { loadActor } from "#lib/access/actor.ts";
import type { Manifest } from "#lib/adapters/ports.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { computePlan } from "#lib/plans/service.ts";
import { getDeployment } from "../queries.ts";
import { startDeployment } from "../service.ts";
import type { Engine } from "./engine.ts";
import { type Behaviour, pushBehaviour } from "./images.ts";
import { workUntilDone } from "./run.ts";

export type PlaceComponent = {
  key: string;
  template: string;
  kind?: "service" | "site";
  variables?: Record<string, string>;
  secrets?: Record<string, string>;
};
let places = 0;
let releases = 0;

/** A project with components and templates of its own that lives in namespaces of its own: nobody else's lock or drift. */
export async function makePlace(
  engine: Engine,
  input: {
    components: PlaceComponent[];
    /** Namespaces that exist already get these labels; left out, the deployment creates them. */
    existing?: Record<string, string>;
    /** Waves of one namespace each. */
    targets?: number;
    clusterId?: string;
  },
) {
  places += 1;
  const key = `p${places}`;
  const { id: projectId } = await db.project.create({ data: { key, name: `Place ${places}` } });
  const { id: environmentId } = engine.environment;
  await db.projectEnvironment.create({ data: { projectId, environmentId } });
  for (const [userId, role] of [
    [engine.people.dev, "developer"],
    [engine.people.ops, "ops"],
  ] as const)
    await db.membership.create({ data: { projectId, userId, role } });
  const namespaces = Array.from({ length: input.targets ?? 1 }, () => engine.reserveNamespace());
  for (const [index, namespace] of namespaces.entries()) {
    if (input.existing) await engine.createNamespace(namespace, input.existing);
    const clusterId = input.clusterId ?? engine.clusterId;
    await db.target.create({ data: { projectId, environmentId, clusterId, namespace, wave: index + 1 } });
  }
  const components = new Map<string, { id: string; templateId: string }>();
  for (const component of input.components) {
    const gitUrl = `https://git.example.com/${key}/${component.key}.git`;
    const { id } = await db.component.create({
      data: {
        projectId,
        key: component.key,
        name: component.key.toUpperCase(),
        kind: component.kind ?? "service",
        gitUrl,
        ...engine.servers,
      },
    });
    const template = await db.template.create({
      data: {
        name: "own",
        environmentId,
        projectId,
        componentId: id,
        versions: { create: { version: 1, body: component.template, createdById: engine.people.ops } },
      },
    });
    components.set(component.key, { id, templateId: template.id });
    const config = await db.componentConfig.create({
      data: { componentId: id, environmentId, variables: component.variables ?? {} },
    });
    for (const [name, value] of Object.entries(component.secrets ?? {})) {
      const valueEncrypted = encryptSecret(value, secretContext.configSecret(config.id, name));
      await db.configSecret.create({ data: { configId: config.id, name, valueEncrypted } });
    }
  }
  const actor = async () => {
    const found = await loadActor(engine.people.ops);
    if (!found) throw new Error("ops is gone");
    return found;
  };

  /** A built release order of every component that has entered the environment; its number says what its images do. */
  const release = async (behaviour: Behaviour = "fine"): Promise<string> => {
    releases += 1;
    const number = behaviour === "fine" ? `r${releases}` : `r${releases}-${behaviour}`;
    const commit = "c".repeat(40);
    const created = await db.release.create({
      data: {
        number,
        projectId,
        title: `Release ${number}`,
        state: "built",
        createdById: engine.people.dev,
        stages: { create: [{ environmentId, state: "entered" }] },
      },
    });
    for (const [name, { id }] of components) {
      const repository = `${key}/${name}`;
      const digest = await pushBehaviour(engine.registry, { repository, tag: number, behaviour });
      const item = await db.releaseItem.create({
        data: { releaseId: created.id, componentId: id, ref: "main", commit, commitAuthor: "Dev" },
      });
      const build = await db.build.create({
        data: {
          itemId: item.id,
          attempt: 1,
          attemptId: `${number}-${name}`,
          state: "succeeded",
          triggeredById: engine.people.dev,
          parameters: {},
        },
      });
      const host = `${engine.registry.host}/${repository}`;
      const artifact = { image: `${host}:${number}`, repository: host, digest, commit };
      await db.artifact.create({ data: { itemId: item.id, buildId: build.id, ...artifact } });
    }
    return number;
  };
  /** The next version of a component's template. */
  const template = async (component: string, body: string): Promise<void> => {
    const templateId = components.get(component)?.templateId ?? "";
    const { currentVersion } = await db.template.update({
      where: { id: templateId },
      data: { currentVersion: { increment: 1 } },
    });
    await db.templateVersion.create({
      data: { templateId, version: currentVersion, body, createdById: engine.people.ops },
    });
  };
  const plan = async (number: string) =>
    computePlan({ actor: await actor(), release: number, environment: engine.environment.key });
  const start = async (planDigest: string): Promise<string> =>
    (await startDeployment({ actor: await actor(), planDigest })).id;
  const finish = async (id: string) => {
    await workUntilDone(id, 400);
    return getDeployment(await actor(), id);
  };
  const namespace = namespaces[0] ?? "";
  return {
    key,
    projectId,
    components,
    namespaces,
    namespace,
    actor,
    release,
    template,
    plan,
    start,
    finish,
    /** Plans and deploys a release order to its end. */
    async deploy(number: string) {
      const planned = await plan(number);
      return finish(await start(planned.digest));
    },
    get: (apiVersion: string, kind: string, name: string): Promise<Manifest | null> =>
      engine.client.get({ apiVersion, kind, name, namespace }),
  };
}
export type Place = Awaited<ReturnType<typeof makePlace>>;
