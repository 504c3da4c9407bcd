import { randomUUID } from "node:crypto";
import type { Actor } from "#lib/access/actor.ts";
import { imageRepository } from "#lib/components/queries.ts";
import type { BuildServerRow } from "#lib/connections/connect.ts";
import type { Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { enqueueAll } from "#lib/queue/enqueue.ts";
import { refuseIf } from "#lib/releases/refusal.ts";
import { NOW } from "#lib/stages/time.ts";
import { buildParameters, sentParameters } from "./parameters.ts";
import { buildEvent } from "./row.ts";
import { openSecrets, sealSecrets } from "./secrets.ts";
import { sendsAtOnce } from "./sending-process.ts";
import { chooseServer, readServers } from "./server-choice.ts";
import { freeSlots } from "./slot.ts";
import { supersedeOlder } from "./supersede.ts";
import { type Reserved, sendBefore } from "./trigger.ts";

export type Started = {
  /** In the order of the items. */
  ids: string[];
  /** Those whose sending is on record: to be handed to `sendAtOnce` when the transaction has committed. */
  reserved: Reserved[];
};

/**
 * A new attempt for each item, at the commit that the item is frozen to. Inside the caller's transaction, after the
 * release's row was locked. In a process that sends at once the sending is put on record here, as far as the project's
 * cap lets it; what is left to the worker gets its job.
 * @throws AppError BLOCKED when a build variable carries a reserved name, or there is no build server for a component
 */
export async function startBuilds(tx: Tx, input: { itemIds: string[]; actor: Actor }): Promise<Started> {
  const { itemIds, actor } = input;
  const items = await itemsToBuild(tx, itemIds);
  const { now, usual } = await usualDurations(
    tx,
    items.map(({ component }) => component.id),
  );
  const servers = await serversFor(tx, items);
  const slots = await slotsOf(tx, items);
  const before = sendBefore();
  const wanted = items.map((item) => {
    const { component, commit } = item;
    if (!commit) throw new Error(`item ${item.id} is not frozen`);
    const server = servers.get(component.id);
    if (!server) throw new Error(`no build server was chosen for ${component.key}`);
    const attempt = (item.builds[0]?.attempt ?? 0) + 1;
    const attemptId = randomUUID();
    const parameters = buildParameters({
      attemptId,
      release: item.release.number,
      project: component.project.key,
      component,
      ref: item.ref,
      commit,
      repository: imageRepository(component.registry.url, component.project.key, component.key),
      variables: component.variables,
    });
    const { project } = component;
    const free = slots.get(project.id) ?? 0;
    const sends = free > 0;
    if (sends) slots.set(project.id, free - 1);
    const secrets = openSecrets(component.id, component.variables);
    const stored = sends ? { ...parameters, sends: 1 } : parameters;
    return { item, attempt, attemptId, server, sends, secrets, parameters: stored };
  });
  const rows = await tx.build.createManyAndReturn({
    data: wanted.map(({ item, attempt, attemptId, server, sends, secrets, parameters }) => ({
      itemId: item.id,
      attempt,
      attemptId,
      buildServerId: server.id,
      triggeredById: actor.id,
      usualMs: usual.get(item.component.id) ?? null,
      parameters,
      ...(sends ? { triggerSentAt: now, secretsEncrypted: sealSecrets(attemptId, secrets) } : {}),
    })),
    select: { id: true, itemId: true },
  });
  const idOf = new Map(rows.map(({ id, itemId }) => [itemId, id]));
  const started = wanted.map((one) => ({ ...one, id: idOf.get(one.item.id) ?? "" }));
  const replaced = await supersedeOlder(
    tx,
    started.map(({ id, item }) => ({ id, item })),
  );
  const ids = started.map(({ id }) => id);
  // What is sent by this process is looked at when it was: the worker would only stand in the way.
  const left = started.flatMap(({ id, sends }) => (sends ? [] : id));
  await enqueueAll(
    tx,
    "build.reconcile",
    [...left, ...replaced].map((buildId) => ({ payload: { buildId }, key: `build:${buildId}` })),
  );
  for (const { id, attempt, item } of started) {
    const { topics, names } = buildEvent({ id, attempt, item });
    await emit(tx, { topics, type: "build.queued", data: { ...names, state: "queued" } });
  }
  const reserved = started.flatMap(({ id, server, sends, secrets, parameters }) =>
    sends ? [{ id, server, parameters, sent: sentParameters(parameters, secrets), at: now, before }] : [],
  );
  return { ids, reserved };
}

/** In the order of the ids. */
async function itemsToBuild(tx: Tx, itemIds: readonly string[]) {
  const items = await tx.releaseItem.findMany({
    relationLoadStrategy: "join",
    where: { id: { in: [...itemIds] } },
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
          project: { select: { id: true, key: true, maxBuilds: true, supersedeQueuedBuilds: true } },
          variables: {
            select: { name: true, secret: true, value: true, valueEncrypted: true, version: true },
            orderBy: { name: "asc" },
          },
        },
      },
    },
  });
  return items.toSorted((a, b) => itemIds.indexOf(a.id) - itemIds.indexOf(b.id));
}
type Item = Awaited<ReturnType<typeof itemsToBuild>>[number];

/** How many builds of each project may be sent now; none in a process that leaves the sending to the worker. */
async function slotsOf(tx: Tx, items: readonly Item[]): Promise<Map<string, number>> {
  const slots = new Map<string, number>();
  if (!sendsAtOnce()) return slots;
  for (const { component } of items) {
    const { id, maxBuilds } = component.project;
    if (!slots.has(id))
      slots.set(id, maxBuilds === null ? Number.POSITIVE_INFINITY : await freeSlots(tx, id, maxBuilds));
  }
  return slots;
}

/**
 * The build server of each component; those that are chosen by a label share the work with each other.
 * @throws AppError BLOCKED (NO_BUILD_SERVER, BUILD_SERVER_DISABLED, BUILD_SERVER_CLOSED), every one at once
 */
async function serversFor(tx: Tx, items: readonly Item[]): Promise<Map<string, BuildServerRow>> {
  const servers = await readServers(tx);
  const chosen = new Map<string, BuildServerRow>();
  const blockers: Blocker[] = [];
  for (const { component } of items) {
    const choice = chooseServer({ ...component, project: component.project.key }, servers);
    if ("blocker" in choice) blockers.push(choice.blocker);
    else {
      const taken = servers.find(({ id }) => id === choice.id);
      if (!taken) continue;
      chosen.set(component.id, taken.row);
      taken.open += 1;
    }
  }
  refuseIf(blockers);
  return chosen;
}

/** The database's clock, and the median duration of each component's last ten successful builds, milliseconds. */
async function usualDurations(
  tx: Tx,
  componentIds: string[],
): Promise<{ now: Date; usual: Map<string, number> }> {
  const rows = await tx.$queryRaw<{ id: string; ms: number | null; now: Date }[]>`
    SELECT c.id, ${NOW} AS now, (
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM last."endedAt" - last."startedAt") * 1000)
      FROM (
        SELECT b."startedAt", b."endedAt" FROM "Build" b JOIN "ReleaseItem" i ON i.id = b."itemId"
        WHERE i."componentId" = c.id AND b.state = 'succeeded' AND b."startedAt" IS NOT NULL AND b."endedAt" IS NOT NULL
        ORDER BY b.id DESC LIMIT 10
      ) last
    )::float8 AS ms
    FROM "Component" c WHERE c.id = ANY(${componentIds}::uuid[])`;
  const [first] = rows;
  if (!first) throw new Error("there is nothing to build");
  const known = rows.flatMap(({ id, ms }) => (ms === null ? [] : [[id, Math.round(ms)] as const]));
  return { now: first.now, usual: new Map(known) };
}
