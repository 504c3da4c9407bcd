import { randomUUID } from "node:crypto";
import { z } from "zod";
import { db } from "#lib/db.ts";
import type { BareCluster, BareObject } from "./bare-client.ts";
import type { Portal } from "./portal.ts";
import { type Lane, SECRET, type World } from "./world.ts";

const manifestsSchema = z.object({
  targets: z.array(
    z.object({
      objects: z.array(
        z.object({
          manifest: z.looseObject({
            apiVersion: z.string(),
            kind: z.string(),
            metadata: z.looseObject({
              name: z.string(),
              annotations: z.record(z.string(), z.string()).optional(),
            }),
          }),
        }),
      ),
    }),
  ),
});

/** A lane with its plan computed and carried out once, and the same objects for the bare client's namespace. */
export type ReadyLane = Lane & { digest: string; objects: BareObject[] };

/** Plans every lane, deploys it once and waits until it is healthy; makes the bare client's namespaces. */
export async function readyLanes(world: World, portal: Portal, cluster: BareCluster): Promise<ReadyLane[]> {
  const ready: ReadyLane[] = [];
  for (const lane of world.lanes) {
    const first = await portal.plan(lane.release, world.environment);
    await portal.succeeded(await portal.deploy(first));
    // Once more: what the first deployment put there is part of the world that the plan looked at.
    const digest = await portal.plan(lane.release, world.environment);
    const { manifests } = await db.plan.findUniqueOrThrow({ where: { digest }, select: { manifests: true } });
    const { targets } = manifestsSchema.parse(manifests);
    const objects = targets.flatMap((target) =>
      target.objects.map(({ manifest }) => bareObject(manifest, lane.bareNamespace)),
    );
    await cluster("POST", "/api/v1/namespaces", { metadata: { name: lane.bareNamespace } });
    ready.push({ ...lane, digest, objects });
  }
  return ready;
}

function bareObject(manifest: BareObject, namespace: string): BareObject {
  const data = { [SECRET.name]: Buffer.from(SECRET.value).toString("base64") };
  return {
    ...manifest,
    ...(manifest.kind === "Secret" ? { data } : {}),
    metadata: { ...manifest.metadata, namespace },
  };
}

/** A name that no deployment has had. */
export const newDeployment = (): string => randomUUID();
