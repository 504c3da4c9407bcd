import { randomUUID } from "node:crypto";
import type { Actor } from "#lib/access/actor.ts";
import { imageRepository } from "#lib/components/queries.ts";
import type { Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { refuseIf } from "#lib/releases/refusal.ts";
import { buildParameters } from "./parameters.ts";
import { buildEvent } from "./row.ts";
import { type Asker, chooseServer, readServers } from "./server-choice.ts";

/**
 * A new attempt for each item, at the commit that the item is frozen to, with its job. Inside the caller's transaction,
 * after the release's row was locked.
 * @returns ids of the builds, in the order of the items
 * @throws AppError BLOCKED when a build variable carries a reserved name, or there is no build server for a component
 */
export async function startBuilds(tx: Tx, input: { itemIds: string[]; actor: Actor }): Promise<string[]> {
  const { itemIds, actor } = input;
  const items = await tx.releaseItem.findMany({
    where: { id: { in: itemIds } },
    select: {
      id: true,
      ref: true,
      commit: true,
      release: { select: { id: true, number: true } },
      builds: { select: { attempt: true }, orderBy: { attempt: "desc" }, take: 1 },
      component: {
        select: {
          id: true,
          key: true,
          gitUrl: true,
          subPath: true,
          dockerfile: true,
          baseImage: true,
          buildCommand: true,
          artifactPath: true,
          buildServerId: true,
          buildLabel: true,
          registryId: true,
          registry: { select: { url: true } },
          project: { select: { id: true, key: true } },
          variables: {
            select: { name: true, secret: true, value: true, version: true },
            orderBy: { name: "asc" },
          },
        },
      },
    },
  });
  const usual = await usualDurations(
    tx,
    items.map((item) => item.component.id),
  );
  const servers = await serversFor(
    tx,
    items.map(({ component }) => component),
  );
  const ids: string[] = [];
  for (const item of items.toSorted((a, b) => itemIds.indexOf(a.id) - itemIds.indexOf(b.id))) {
    const { component, commit } = item;
    if (!commit) throw new Error(`item ${item.id} is not frozen`);
    const attempt = (item.builds[0]?.attempt ?? 0) + 1;
    const attemptId = randomUUID();
    const build = await tx.build.create({
      data: {
        itemId: item.id,
        attempt,
        attemptId,
        buildServerId: servers.get(component.id) ?? null,
        triggeredById: actor.id,
        usualMs: usual.get(component.id) ?? null,
        parameters: buildParameters({
          attemptId,
          release: item.release.number,
          project: component.project.key,
          component,
          ref: item.ref,
          commit,
          repository: imageRepository(component.registry.url, component.project.key, component.key),
          variables: component.variables,
        }),
      },
      select: { id: true },
    });
    await enqueue(tx, "build.reconcile", { buildId: build.id }, { key: `build:${build.id}` });
    const { topics, names } = buildEvent({ id: build.id, attempt, item });
    await emit(tx, { topics, type: "build.queued", data: { ...names, state: "queued" } });
    ids.push(build.id);
  }
  return ids;
}

/**
 * The build server of each component; those that are chosen by a label share the work with each other.
 * @throws AppError BLOCKED (NO_BUILD_SERVER, BUILD_SERVER_DISABLED, BUILD_SERVER_CLOSED), every one at once
 */
async function serversFor(
  tx: Tx,
  components: readonly (Omit<Asker, "project"> & { id: string; project: { key: string } })[],
): Promise<Map<string, string>> {
  const servers = await readServers(tx);
  const chosen = new Map<string, string>();
  const blockers: Blocker[] = [];
  for (const component of components) {
    const choice = chooseServer({ ...component, project: component.project.key }, servers);
    if ("blocker" in choice) blockers.push(choice.blocker);
    else {
      chosen.set(component.id, choice.id);
      const taken = servers.find(({ id }) => id === choice.id);
      if (taken) taken.open += 1;
    }
  }
  refuseIf(blockers);
  return chosen;
}

/** Median duration of each component's last ten successful builds, milliseconds. */
async function usualDurations(tx: Tx, componentIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.$queryRaw<{ id: string; ms: number | null }[]>`
    SELECT c.id, (
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM last."endedAt" - last."startedAt") * 1000)
      FROM (
        SELECT b."startedAt", b."endedAt" FROM "Build" b JOIN "ReleaseItem" i ON i.id = b."itemId"
        WHERE i."componentId" = c.id AND b.state = 'succeeded' AND b."startedAt" IS NOT NULL AND b."endedAt" IS NOT NULL
        ORDER BY b.id DESC LIMIT 10
      ) last
    )::float8 AS ms
    FROM "Component" c WHERE c.id = ANY(${componentIds}::uuid[])`;
  return new Map(rows.flatMap(({ id, ms }) => (ms === null ? [] : [[id, Math.round(ms)] as const])));
}
