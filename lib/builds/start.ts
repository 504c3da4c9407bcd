import { randomUUID } from "node:crypto";
import type { Actor } from "#lib/access/actor.ts";
import { imageRepository } from "#lib/components/queries.ts";
import type { BuildServerRow } from "#lib/connections/connect.ts";
import type { Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { enqueueAll } from "#lib/queue/enqueue.ts";
import { refuseIf } from "#lib/releases/refusal.ts";
import type { BuildFacts, BuiltComponent } from "./facts.ts";
import { buildParameters, sentParameters } from "./parameters.ts";
import { buildEvent } from "./row.ts";
import { openSecrets, sealSecrets } from "./secrets.ts";
import { sendsAtOnce } from "./sending-process.ts";
import { chooseServer } from "./server-choice.ts";
import { freeSlots } from "./slot.ts";
import { supersedeOlder } from "./supersede.ts";
import { type Reserved, sendBefore } from "./trigger.ts";

export type Started = {
  /** In the order of the items. */
  ids: string[];
  /** Those whose sending is on record: to be handed to `sendAtOnce` when the transaction has committed. */
  reserved: Reserved[];
};

/** An item of a release order that is built now. */
export type ItemToBuild = {
  id: string;
  componentId: string;
  ref: string;
  /** What it is frozen to. */
  commit: string;
  /** Of its attempts the last; 0 before the first. */
  attempt: number;
};

/**
 * A new attempt for each item, at the commit that the item is frozen to. Inside the caller's transaction, after the
 * release's row was locked. In a process that sends at once the sending is put on record here, as far as the project's
 * cap lets it; what is left to the worker gets its job.
 * @param input.release number of the release order
 * @param input.facts of all the components
 * @param input.now the database's clock, read in this transaction
 * @throws AppError BLOCKED when a build variable carries a reserved name, or there is no build server for a component
 */
export async function startBuilds(
  tx: Tx,
  input: { release: string; items: readonly ItemToBuild[]; facts: BuildFacts; now: Date; actor: Actor },
): Promise<Started> {
  const { release, facts, now, actor } = input;
  const items = input.items.map((item) => {
    const component = facts.components.find(({ id }) => id === item.componentId);
    if (!component) throw new Error(`the component of item ${item.id} was not read`);
    return { ...item, component, release: { number: release } };
  });
  const chosen = serversFor(items, facts);
  const slots = await slotsOf(tx, items);
  const before = sendBefore();
  const wanted = items.map((item) => {
    const { component } = item;
    const server = chosen.get(component.id);
    if (!server) throw new Error(`no build server was chosen for ${component.key}`);
    const attemptId = randomUUID();
    const parameters = buildParameters({
      attemptId,
      release,
      project: component.project.key,
      component,
      ref: item.ref,
      commit: item.commit,
      repository: imageRepository(component.registry.url, component.project.key, component.key),
      variables: component.variables,
    });
    const { project } = component;
    const free = slots.get(project.id) ?? 0;
    const sends = free > 0;
    if (sends) slots.set(project.id, free - 1);
    const secrets = openSecrets(component.id, component.variables);
    const stored = sends ? { ...parameters, sends: 1 } : parameters;
    return { item, attempt: item.attempt + 1, attemptId, server, sends, secrets, parameters: stored };
  });
  const rows = await tx.build.createManyAndReturn({
    data: wanted.map(({ item, attempt, attemptId, server, sends, secrets, parameters }) => ({
      itemId: item.id,
      attempt,
      attemptId,
      buildServerId: server.id,
      triggeredById: actor.id,
      usualMs: facts.usual.get(item.component.id) ?? null,
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

type Item = { component: BuiltComponent };

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
function serversFor(items: readonly Item[], facts: BuildFacts): Map<string, BuildServerRow> {
  const servers = facts.servers.map((server) => ({ ...server }));
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
