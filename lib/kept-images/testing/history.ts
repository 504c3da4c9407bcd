import { randomUUID } from "node:crypto";
import { db } from "#lib/db.ts";

type World = { project: { id: string }; component: { id: string; key: string }; dev: { id: string } };

/** An environment of the project with a target. */
export async function makeEnvironment({ project }: World, key: string, rank: number, keptDeployments = 5) {
  const environment = await db.environment.create({
    data: { key, name: key, rank, kind: "controlled", keptDeployments },
  });
  await db.projectEnvironment.create({ data: { projectId: project.id, environmentId: environment.id } });
  const cluster = await db.cluster.create({
    data: { key: key.toLowerCase(), name: key, server: "https://x" },
  });
  const target = await db.target.create({
    data: {
      projectId: project.id,
      environmentId: environment.id,
      clusterId: cluster.id,
      namespace: "quotes",
    },
  });
  return { environment, target };
}
type Place = Awaited<ReturnType<typeof makeEnvironment>>;

/** A release order of the component that is over, with its plan and, unless it was only planned, its deployment. */
export async function makeDeployment(
  { project, component, dev }: World,
  { environment, target }: Place,
  input: {
    number: string;
    image: string;
    digest: string;
    /** Null: planned and no more. */
    state: string | null;
    releaseState?: string;
    kind?: "deploy" | "rollback";
    /** Its objects are what the target has. */
    runs?: boolean;
  },
): Promise<void> {
  const { number, image, digest, state, releaseState = "released", kind = "deploy" } = input;
  const release = await db.release.create({
    data: {
      number,
      projectId: project.id,
      title: number,
      state: releaseState,
      createdById: dev.id,
      items: { create: { componentId: component.id, ref: "main" } },
    },
  });
  const plan = await db.plan.create({
    data: {
      digest: `sha256:${randomUUID()}`,
      kind,
      projectId: project.id,
      environmentId: environment.id,
      releaseId: release.id,
      inputs: { images: [{ component: component.key, image, digest }] },
      manifests: {},
      review: {},
      createdById: dev.id,
    },
  });
  if (state === null) return;
  const deployment = await db.deployment.create({
    data: {
      kind,
      projectId: project.id,
      environmentId: environment.id,
      releaseId: release.id,
      planId: plan.id,
      state,
      createdById: dev.id,
      endedAt: new Date(),
    },
  });
  if (!input.runs) return;
  const object = { targetId: target.id, apiVersion: "apps/v1", kind: "Deployment", name: component.key };
  await db.inventoryObject.upsert({
    where: { targetId_apiVersion_kind_name: object },
    create: { ...object, componentId: component.id, deploymentId: deployment.id },
    update: { deploymentId: deployment.id },
  });
}
