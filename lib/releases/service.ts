import { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { sendAtOnce } from "#lib/builds/at-once.ts";
import { readBuildFacts } from "#lib/builds/facts.ts";
import { type Started, startBuilds } from "#lib/builds/start.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { readProject } from "#lib/projects/queries.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { findItems, freezeItems, knownComponent, resolveItems, type WantedItem } from "./items.ts";
import { takeNumber } from "./number.ts";
import { getRelease, readRelease } from "./queries.ts";
import { refuseIf, wrongState } from "./refusal.ts";
import type { createReleaseSchema, ReleaseDto, updateReleaseSchema } from "./schema.ts";
import { RELEASE_ACTIONS, RELEASE_STATES, type ReleaseAction, type ReleaseState } from "./state.ts";

type Project = { id: string; key: string };
type Open = { id: string; number: string; state: ReleaseState; version: number; project: Project };

/** The release for someone who may act on it, and the blocker of its state. @throws AppError NOT_FOUND | FORBIDDEN */
async function openRelease(
  actor: Actor,
  number: string,
  action: ReleaseAction,
): Promise<{ release: Open; blockers: Blocker[] }> {
  const { id, project, version, ...row } = await readRelease(actor, number);
  const { permission, from } = RELEASE_ACTIONS[action];
  requirePermission(actor, permission, project.id);
  const state = z.enum(RELEASE_STATES).parse(row.state);
  const fits = from.some((allowed) => allowed === state);
  return {
    release: { id, number, project, state, version },
    blockers: fits ? [] : [wrongState("release", state, from)],
  };
}

/** Moves the release on from what was read; the loser of two clicks gets 409. @throws AppError VERSION_CONFLICT */
export async function moveRelease(
  tx: Tx,
  release: Open,
  data: { state?: ReleaseState; title?: string; description?: string; endedAt?: Date },
): Promise<void> {
  const { count } = await tx.release.updateMany({
    where: { id: release.id, version: release.version, state: release.state },
    data: { ...data, version: { increment: 1 } },
  });
  if (count === 0) throw new AppError("VERSION_CONFLICT", "the release has moved meanwhile");
}

const by = ({ username, displayName }: Actor) => ({ username, displayName });
const topics = (number: string, project: Project) => [`release:${number}`, `project:${project.key}`];
const audit = (
  tx: Tx,
  actor: Actor,
  release: { number: string; project: Project },
  action: string,
  data: Record<string, unknown>,
) =>
  recordAudit(tx, {
    actor,
    action,
    subject: "release",
    subjectId: release.number,
    projectKey: release.project.key,
    data,
  });

/** The rule and the push that make an order of themselves, and the Git host that told. */
type Origin = { ruleId: string; deliveryId: string; sourceHost: string };

/**
 * Raises a release order with a stage for each environment of the project's path; with `build` its builds start at
 * once, at the commits that the refs point to now, or at those that are named. `also` belongs to the same transaction:
 * what it throws raises none.
 * @throws AppError NOT_FOUND | FORBIDDEN | BLOCKED naming every item that cannot be; AdapterError without a Git host
 */
export async function createRelease(
  input: { actor: Actor; items: WantedItem[]; origin?: Origin } & z.infer<typeof createReleaseSchema>,
  also?: (tx: Tx, release: { id: string }) => Promise<void>,
): Promise<ReleaseDto> {
  const { actor, title, description, build, origin } = input;
  const project = await readProject(actor, input.project);
  requirePermission(actor, "release.write", project.id);
  const { items, blockers } = await findItems(project, input.items);
  refuseIf(blockers);
  const facts = build ? await readBuildFacts(items.map(({ componentId }) => componentId)) : null;
  const { number, started } = await transaction(async (tx) => {
    const taken = await takeNumber(tx, project);
    const environments = await tx.projectEnvironment.findMany({
      where: { projectId: project.id },
      select: { environmentId: true },
    });
    const release = await tx.release.create({
      data: {
        number: taken,
        projectId: project.id,
        title,
        description,
        state: build ? "building" : "draft",
        createdById: actor.id,
        ...(origin ? { ruleId: origin.ruleId, deliveryId: origin.deliveryId } : {}),
        items: {
          create: items.map(({ component: _, componentId, ref, ...commit }) => ({
            componentId,
            ref,
            ...(build ? commit : {}),
          })),
        },
        stages: { create: environments },
      },
      select: { id: true, items: { select: { id: true, componentId: true } } },
    });
    await also?.(tx, release);
    await emit(tx, {
      topics: topics(taken, project),
      type: "release.created",
      data: { number: taken, state: "draft", title, by: by(actor) },
    });
    let started: Started | null = null;
    if (facts) {
      const frozen = release.items.flatMap(({ id, componentId }) => {
        const found = items.find((item) => item.componentId === componentId);
        return found ? [{ id, componentId, ref: found.ref, commit: found.commit, attempt: 0 }] : [];
      });
      const now = await databaseTime(tx);
      started = await startBuilds(tx, { release: taken, items: frozen, facts, now, actor });
      await tellBuilding(tx, actor, { number: taken, project });
    }
    await audit(tx, actor, { number: taken, project }, "release.create", {
      title,
      items: input.items,
      ...(build ? { build: 1 } : {}),
      ...(origin ? { webhook: origin.sourceHost, rule: origin.ruleId, delivery: origin.deliveryId } : {}),
    });
    return { number: taken, started };
  });
  await sendAtOnce(started?.reserved ?? []);
  return getRelease(actor, number);
}

const tellBuilding = (tx: Tx, actor: Actor, { number, project }: { number: string; project: Project }) =>
  emit(tx, {
    topics: topics(number, project),
    type: "release.building",
    data: { number, state: "building", by: by(actor) },
  });

/**
 * Changes a draft. Items are replaced as a whole.
 * @throws AppError VERSION_CONFLICT when `version` is not the newest | INVALID_STATE | BLOCKED as createRelease
 */
export async function updateRelease(
  input: { actor: Actor; number: string } & z.infer<typeof updateReleaseSchema>,
): Promise<ReleaseDto> {
  const { actor, title, description } = input;
  const { release, blockers } = await openRelease(actor, input.number, "edit");
  const found = input.items ? await findItems(release.project, input.items) : null;
  refuseIf([...blockers, ...(found?.blockers ?? [])]);
  await transaction(async (tx) => {
    const before = await tx.release.findUniqueOrThrow({
      where: { id: release.id },
      select: {
        title: true,
        description: true,
        items: { select: { ref: true, component: { select: { key: true } } } },
      },
    });
    await moveRelease(tx, { ...release, version: input.version }, { title, description });
    if (found) {
      await tx.releaseItem.deleteMany({ where: { releaseId: release.id } });
      await tx.releaseItem.createMany({
        data: found.items.map(({ componentId, ref }) => ({ releaseId: release.id, componentId, ref })),
      });
    }
    await emit(tx, {
      topics: topics(release.number, release.project),
      type: "release.updated",
      data: { number: release.number, by: by(actor) },
    });
    await audit(tx, actor, release, "release.update", {
      before: {
        title: before.title,
        description: before.description,
        items: before.items.map(({ ref, component }): WantedItem => ({ component: component.key, ref })),
      },
      after: { title, description, items: input.items },
    });
  });
  return getRelease(actor, release.number);
}

/**
 * Freezes every item that has no artifact to the commit its ref points to now, and builds it.
 * @throws AppError INVALID_STATE | BLOCKED as createRelease | VERSION_CONFLICT for the loser of two clicks
 */
export async function buildRelease(input: { actor: Actor; number: string }): Promise<ReleaseDto> {
  const { actor, number } = input;
  const [{ release, blockers }, open] = await Promise.all([
    openRelease(actor, number, "build"),
    db.releaseItem.findMany({
      relationLoadStrategy: "join",
      where: { release: { number }, artifact: null },
      select: { ref: true, component: { select: knownComponent } },
    }),
  ]);
  refuseIf(blockers);
  const wanted = open.map(({ ref, component }) => ({ component: component.key, ref }));
  const components = open.map(({ component }) => component);
  // While Git hosts are asked, all else is read.
  const [found, facts] = await Promise.all([
    resolveItems(release.project.key, wanted, components),
    readBuildFacts(components.map(({ id }) => id)),
  ]);
  refuseIf(found.blockers);
  const { reserved } = await transaction(async (tx) => {
    await moveRelease(tx, release, { state: "building" });
    const frozen = await freezeItems(tx, release.id, found.items);
    const started = await startBuilds(tx, { release: number, ...frozen, facts, actor });
    await tellBuilding(tx, actor, release);
    await audit(tx, actor, release, "release.build", {
      before: release.state,
      items: found.items.map(({ component, ref, commit }) => ({ component, ref, commit })),
    });
    return started;
  });
  await sendAtOnce(reserved);
  return getRelease(actor, release.number);
}
