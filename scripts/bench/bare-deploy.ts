import { ANNOTATION, LABEL } from "#lib/plans/labels.ts";
import { type BareCluster, type BareObject, pathOf } from "./bare-client.ts";
import { KINDS } from "./world.ts";

/** What the bare client does, for the reader of the figures. */
export const BARE =
  "bare client: one process, kept connections; dry run of every object, then apply kind by kind in the plan's order, six at once as the product";

const AT_ONCE = 6;
const QUERY = "fieldManager=refract&fieldValidation=Strict";

/** Dry run of all objects, then apply of all, as the product does it and with nothing else. */
export async function bareDeploy(
  cluster: BareCluster,
  objects: readonly BareObject[],
  input: { namespace: string; deployment: string },
): Promise<void> {
  const { namespace, deployment } = input;
  const send = (object: BareObject, query: string) =>
    cluster("PATCH", `${pathOf(object, namespace, object.metadata.name)}?${query}`, object);
  await someAtOnce(objects, (object) => send(object, `${QUERY}&dryRun=All`));
  const kinds = Map.groupBy(objects, ({ kind }) => kind);
  for (const some of kinds.values()) {
    await someAtOnce(some, ({ metadata, ...object }) => {
      const annotations = { ...metadata.annotations, [ANNOTATION.deployment]: deployment };
      return send({ ...object, metadata: { ...metadata, annotations } }, QUERY);
    });
  }
}

async function someAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** One look at how the workloads are, as the product takes it before it calls a deployment successful. */
export async function bareLook(
  cluster: BareCluster,
  objects: readonly BareObject[],
  input: { namespace: string; project: string; environment: string },
): Promise<void> {
  const { namespace, project, environment } = input;
  const selector = encodeURIComponent(`${LABEL.project}=${project},${LABEL.environment}=${environment}`);
  const list = async (apiVersion: string, kind: string, query: string) => {
    JSON.parse(await cluster("GET", `${pathOf({ apiVersion, kind }, namespace)}?limit=500${query}`));
  };
  const workloads = objects.filter(({ kind }) => kind === KINDS[4].kind);
  await Promise.all([
    list("v1", "Pod", `&labelSelector=${selector}`),
    list("apps/v1", "ReplicaSet", `&labelSelector=${selector}`),
    list("v1", "Event", ""),
    ...workloads.map(async (object) => {
      JSON.parse(await cluster("GET", pathOf(object, namespace, object.metadata.name)));
    }),
  ]);
}
