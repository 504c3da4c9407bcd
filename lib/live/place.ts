import type { Cluster } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { LABEL } from "#lib/plans/labels.ts";

export type Place = { project: string; environment: string };
type Where = { cluster: string; namespace?: string };

/** The target of an environment in a cluster. @throws AppError NOT_FOUND; INVALID_INPUT when the namespace must be said */
export async function findTarget(place: { projectId: string; environmentId: string }, where: Where) {
  const found = await db.target.findMany({
    where: {
      ...place,
      cluster: { key: where.cluster },
      ...(where.namespace ? { namespace: where.namespace } : {}),
    },
    select: { id: true, clusterId: true, namespace: true },
  });
  const [target, second] = found;
  if (!target) throw new AppError("NOT_FOUND", `the environment is not in ${where.cluster}`);
  if (second)
    throw new AppError(
      "INVALID_INPUT",
      `the environment has several namespaces in ${where.cluster}: name one`,
    );
  return target;
}

/** The object, when it is this project's in this environment: nobody reaches a neighbour through a shared namespace. */
export async function ownObject(
  client: Cluster,
  ref: { apiVersion: string; kind: string; namespace: string; name: string },
  place: Place,
) {
  const live = await client.get(ref);
  const labels = live?.metadata.labels ?? {};
  if (!live || labels[LABEL.project] !== place.project || labels[LABEL.environment] !== place.environment) {
    throw new AppError("NOT_FOUND", `no ${ref.kind} ${ref.name} of ${place.project} in ${place.environment}`);
  }
  return live;
}
