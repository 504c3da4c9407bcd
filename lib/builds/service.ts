import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { parseImage } from "#lib/artifacts/image.ts";
import { recordArtifact } from "#lib/artifacts/record.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import type { Tx } from "#lib/db.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { refuseIf, wrongState } from "#lib/releases/refusal.ts";
import { lockRelease, settleRelease } from "#lib/releases/settle.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { sendAtOnce } from "./at-once.ts";
import { readBuildFacts } from "./facts.ts";
import { getBuild } from "./queries.ts";
import { type BuildRow, buildEvent, loadBuild } from "./row.ts";
import type { BuildDto } from "./schema.ts";
import { readStanding } from "./standing.ts";
import { startBuilds } from "./start.ts";
import { BUILD_ACTIONS, type BuildAction } from "./state.ts";

/** The build, after the right to act on it. @throws AppError NOT_FOUND | FORBIDDEN */
async function openBuild(actor: Actor, id: string, action: BuildAction): Promise<BuildRow> {
  const build = await loadBuild(id);
  if (!build || !can(actor.rights, "project.read", build.item.component.project.id)) {
    throw new AppError("NOT_FOUND", "no such build");
  }
  requirePermission(actor, BUILD_ACTIONS[action].permission, build.item.component.project.id);
  return build;
}

function stateBlockers(build: BuildRow, action: BuildAction): Blocker[] {
  const { from } = BUILD_ACTIONS[action];
  return from.some((state) => state === build.state) ? [] : [wrongState("build", build.state, from)];
}

const audit = (tx: Tx, actor: Actor, build: BuildRow, action: string, data: Record<string, unknown> = {}) =>
  recordAudit(tx, {
    actor,
    action,
    subject: "build",
    subjectId: build.id,
    projectKey: build.item.component.project.key,
    data: { ...buildEvent(build).names, ...data },
  });

/**
 * Asks for the end of a build; the worker takes it out of the queue or stops it. Asking twice is the same as once.
 * @throws AppError INVALID_STATE when it is over
 */
export async function abortBuild(input: { actor: Actor; id: string }): Promise<BuildDto> {
  const { actor } = input;
  const build = await openBuild(actor, input.id, "abort");
  refuseIf(stateBlockers(build, "abort"));
  if (!build.abortRequestedAt) {
    const { username, displayName } = actor;
    await transaction(async (tx) => {
      const { count } = await tx.build.updateMany({
        where: { id: build.id, state: build.state, abortRequestedAt: null },
        data: {
          abortRequestedAt: await databaseTime(tx),
          cause: {
            code: "ABORTED_BY_PERSON",
            message: `aborted by ${displayName}`,
            facts: { username, by: displayName },
          },
          version: { increment: 1 },
        },
      });
      if (count === 0) throw new AppError("VERSION_CONFLICT", "the build has moved meanwhile");
      await enqueue(tx, "build.reconcile", { buildId: build.id }, { key: `build:${build.id}` });
      const { topics, names } = buildEvent(build);
      await emit(tx, {
        topics,
        type: "build.abort_requested",
        data: { ...names, by: { username, displayName } },
      });
      await audit(tx, actor, build, "build.request_abort");
    });
  }
  return getBuild(actor, build.id);
}

/**
 * Another attempt at the same commit. The release goes back to `building` if it had failed.
 * @returns the new build
 * @throws AppError INVALID_STATE | BLOCKED (NOT_NEWEST_ATTEMPT, ARTIFACT_EXISTS) | VERSION_CONFLICT
 */
export async function rebuild(input: { actor: Actor; id: string }): Promise<BuildDto> {
  const { actor } = input;
  const build = await openBuild(actor, input.id, "rebuild");
  const { item } = build;
  const facts = await readBuildFacts([item.component.id]);
  const { ids, reserved } = await transaction(async (tx) => {
    const release = await lockRelease(tx, item.release.id);
    const { newest, hasArtifact, now } = await readStanding(tx, item.id);
    const blockers = stateBlockers(build, "rebuild");
    if (newest?.id !== build.id) blockers.push(newestOnly);
    if (hasArtifact) blockers.push(artifactExists);
    if (release.state !== "building" && release.state !== "build_failed") {
      blockers.push(wrongState("release", release.state, ["building", "build_failed"]));
    }
    refuseIf(blockers);
    if (release.state === "build_failed") {
      await tx.release.update({
        where: { id: item.release.id },
        data: { state: "building", version: { increment: 1 } },
      });
    }
    const { id, ref, commit } = item;
    if (commit === null) throw new Error(`item ${id} is not frozen`);
    const again = { id, ref, commit, componentId: item.component.id, attempt: build.attempt };
    const started = await startBuilds(tx, {
      release: item.release.number,
      items: [again],
      facts,
      now,
      actor,
    });
    if (release.state === "build_failed") {
      await emit(tx, {
        topics: [`release:${item.release.number}`, `project:${item.component.project.key}`],
        type: "release.building",
        data: { number: item.release.number, state: "building" },
      });
    }
    await audit(tx, actor, build, "build.rebuild", { newBuild: started.ids[0] });
    return started;
  });
  await sendAtOnce(reserved);
  return getBuild(actor, ids[0] ?? "");
}

/**
 * A person's decision about a build whose outcome is unknown: take what the registry has for the release's tag.
 * @param input.digest what the person saw; refused when the registry has something else by now
 * @throws AppError INVALID_STATE | BLOCKED (IMAGE_MISSING, DIGEST_DIFFERS, ARTIFACT_EXISTS, NOT_NEWEST_ATTEMPT)
 */
export async function acceptArtifact(input: {
  actor: Actor;
  id: string;
  digest?: string;
}): Promise<BuildDto> {
  const { actor } = input;
  const build = await openBuild(actor, input.id, "accept");
  refuseIf(stateBlockers(build, "accept"));
  const { item } = build;
  const image = build.parameters.values.IMAGE ?? "";
  const { repository, path, tag } = parseImage(image);
  const registry = await connectRegistry(item.component.registryId);
  const digest = await registry.resolve({ repository: path, reference: tag });
  const summary = digest ? await registry.inspect({ repository: path, reference: digest }) : null;
  await transaction(async (tx) => {
    const release = await lockRelease(tx, item.release.id);
    const { newest, hasArtifact } = await readStanding(tx, item.id);
    const blockers: Blocker[] = [];
    if (!digest || !summary) blockers.push(imageMissing(image));
    else if (input.digest && input.digest !== digest) blockers.push(digestDiffers(input.digest, digest));
    if (hasArtifact) blockers.push(artifactExists);
    if (newest?.id !== build.id) blockers.push(newestOnly);
    if (release.state !== "building" && release.state !== "build_failed") {
      blockers.push(wrongState("release", release.state, ["building", "build_failed"]));
    }
    refuseIf(blockers);
    if (!digest || !summary) return;
    const { count } = await tx.build.updateMany({
      where: { id: build.id, version: build.version, state: "unknown" },
      data: { state: "succeeded", version: { increment: 1 } },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the build has moved meanwhile");
    const commit = build.parameters.values.GIT_COMMIT ?? "";
    await recordArtifact(
      tx,
      { image, repository, digest, commit, sizeBytes: summary.sizeBytes, source: "person" },
      { itemId: item.id, buildId: build.id },
    );
    const { topics, names } = buildEvent(build);
    await emit(tx, { topics, type: "build.succeeded", data: { ...names, state: "succeeded", digest } });
    const auditRelease = await settleRelease(tx, item.release.id, actor);
    await audit(tx, actor, build, "build.accept", { image, digest });
    await auditRelease();
  });
  return getBuild(actor, build.id);
}

const newestOnly: Blocker = {
  code: "NOT_NEWEST_ATTEMPT",
  message: "there is a newer attempt",
  facts: {},
  liftedBy: [],
};
const artifactExists: Blocker = {
  code: "ARTIFACT_EXISTS",
  message: "the item has its artifact already",
  facts: {},
  liftedBy: [],
};
const imageMissing = (image: string): Blocker => ({
  code: "IMAGE_MISSING",
  message: `the registry does not have ${image}`,
  facts: { image },
  liftedBy: ["developer", "ops", "owner"],
});
const digestDiffers = (seen: string, digest: string): Blocker => ({
  code: "DIGEST_DIFFERS",
  message: `the registry has ${digest} now`,
  facts: { seen, digest },
  liftedBy: [],
});
