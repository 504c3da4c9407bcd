import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { mayDeploy } from "#lib/access/policy.ts";
import type { Cluster } from "#lib/adapters/ports.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { toPage } from "#lib/http/page.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import { environmentFacts } from "#lib/plans/facts.ts";
import { upstreamMessage } from "#lib/plans/look.ts";
import { readProject } from "#lib/projects/queries.ts";
import { type Deployed, deployedOn } from "./deployed.ts";
import { driftOf } from "./drift.ts";
import type { historyQuerySchema, LiveDto } from "./schema.ts";
import { lookAtLive } from "./view.ts";

const TIMEOUT_MS = 3_000;

/** The project and environment of a live view, after the right to read them. @throws AppError NOT_FOUND */
export async function readLivePlace(actor: Actor, place: { project: string; environment: string }) {
  const project = await readProject(actor, place.project);
  const environment = await environmentFacts(db, project.id, { key: place.environment });
  return { project, environment };
}

/** What runs in an environment, asked of every cluster at once; one that does not answer is told as unknown. */
export async function getLive(
  actor: Actor,
  place: { project: string; environment: string },
): Promise<LiveDto> {
  const { project, environment } = await readLivePlace(actor, place);
  const targets = await db.target.findMany({
    where: { projectId: project.id, environmentId: environment.id },
    orderBy: [{ wave: "asc" }, { cluster: { key: "asc" } }],
    select: { id: true, clusterId: true, namespace: true, wave: true, cluster: { select: { key: true } } },
  });
  return {
    project: project.key,
    environment: environment.key,
    mayOperate: mayDeploy(actor.rights, project.id, environment, new Date()),
    targets: await Promise.all(
      targets.map(async ({ id, clusterId, cluster, namespace, wave }) => {
        const base = { cluster: cluster.key, namespace, wave };
        const deployed = await deployedOn(db, id);
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        try {
          const client = await connectCluster(clusterId);
          const where = { project: project.key, environment: environment.key, namespace };
          const [version, seen, drift] = await Promise.all([
            client.version({ signal }),
            lookAtLive(client, where, signal),
            driftIn(client, deployed, signal),
          ]);
          return {
            ...base,
            state: "known" as const,
            version: version.gitVersion,
            message: null,
            ...seen,
            drift,
          };
        } catch (error) {
          const nothing = { workloads: [], events: [], drift: [] };
          return {
            ...base,
            state: "unknown" as const,
            version: null,
            message: upstreamMessage(error),
            ...nothing,
          };
        }
      }),
    ),
  };
}

async function driftIn(client: Cluster, deployed: readonly Deployed[], signal: AbortSignal) {
  const found = await Promise.all(
    deployed.map(async ({ component, manifest }) => {
      const { apiVersion, kind, metadata } = manifest;
      const { name, namespace } = metadata;
      const object = `${kind} ${name}`;
      const live = await client.get({ apiVersion, kind, name, namespace }, { signal });
      const missing = {
        object,
        component,
        kind: "missing" as const,
        field: "",
        expected: "",
        actual: "",
        manager: null,
      };
      if (!live) return [missing];
      return driftOf(manifest, live).map((drift) => ({
        object,
        component,
        kind: "changed" as const,
        ...drift,
      }));
    }),
  );
  return found.flat();
}

/** Successful deployments of an environment, newest first; which components each still accounts for. */
export async function getHistory(
  actor: Actor,
  place: { project: string; environment: string },
  query: z.output<typeof historyQuerySchema>,
) {
  const { project, environment } = await readLivePlace(actor, place);
  const until = query.at ? { lte: new Date(query.at) } : { not: null };
  const where = { projectId: project.id, environmentId: environment.id, state: "succeeded", endedAt: until };
  const select = {
    id: true,
    kind: true,
    endedAt: true,
    release: { select: { number: true, title: true } },
    createdBy: { select: { username: true, displayName: true } },
    plan: { select: { inputs: true } },
  };
  const rows = await db.deployment.findMany({
    where: { ...where, ...(query.cursor ? { id: { lt: query.cursor } } : {}) },
    orderBy: { id: "desc" },
    take: query.limit + 1,
    select,
  });
  const newest = await newestByComponent(where);
  const page = toPage(rows, query.limit, ({ id }) => id);
  return {
    ...page,
    items: page.items.map(({ id, kind, endedAt, release, createdBy, plan }) => {
      const { images } = planInputsSchema.parse(plan.inputs);
      const current = images
        .map(({ component }) => component)
        .filter((component) => newest.get(component) === id);
      const ended = endedAt?.toISOString() ?? "";
      return {
        id,
        kind,
        release: release.number,
        title: release.title,
        endedAt: ended,
        by: createdBy,
        images,
        current,
      };
    }),
  };
}

/** The newest successful deployment of each component among the last two hundred. */
async function newestByComponent(where: object): Promise<Map<string, string>> {
  const rows = await db.deployment.findMany({
    where,
    orderBy: { id: "desc" },
    take: 200,
    select: { id: true, plan: { select: { inputs: true } } },
  });
  const newest = new Map<string, string>();
  for (const { id, plan } of rows) {
    for (const { component } of planInputsSchema.parse(plan.inputs).images) {
      if (!newest.has(component)) newest.set(component, id);
    }
  }
  return newest;
}
