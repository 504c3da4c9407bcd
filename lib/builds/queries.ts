import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { etaOf } from "./eta.ts";
import { storedParametersSchema } from "./parameters.ts";
import { type BuildDto, causeSchema, LOG_PROBLEMS, storedStagesSchema } from "./schema.ts";
import { BUILD_STATES, buildActions } from "./state.ts";
import { usualStages } from "./usual-stages.ts";
import { WAIT_CODES } from "./wait.ts";

const person = { select: { username: true, displayName: true } };

/** Whether the actor may read a build. @throws AppError NOT_FOUND */
export async function requireBuild(actor: Actor, id: string) {
  const build = await db.build.findUnique({
    where: { id },
    select: {
      id: true,
      state: true,
      attempt: true,
      logBytes: true,
      logGeneration: true,
      logComplete: true,
      logSha256: true,
      item: {
        select: {
          release: { select: { number: true, projectId: true } },
          component: { select: { key: true } },
        },
      },
    },
  });
  if (!build || !can(actor.rights, "project.read", build.item.release.projectId)) {
    throw noBuild();
  }
  return build;
}

/** @throws AppError NOT_FOUND */
export async function getBuild(actor: Actor, id: string): Promise<BuildDto> {
  const row = await db.build.findUnique({
    where: { id },
    select: {
      id: true,
      attempt: true,
      state: true,
      version: true,
      parameters: true,
      url: true,
      number: true,
      node: true,
      queueWhy: true,
      queueReason: true,
      queueAhead: true,
      usualMs: true,
      estimatedMs: true,
      buildServer: { select: { key: true } },
      createdAt: true,
      startedAt: true,
      endedAt: true,
      abortRequestedAt: true,
      cause: true,
      logComplete: true,
      logMasked: true,
      logProblem: true,
      stages: true,
      triggeredBy: person,
      artifact: { select: { image: true, digest: true, sizeBytes: true, source: true } },
      logBytes: true,
      item: {
        select: {
          ref: true,
          commitSubject: true,
          artifact: { select: { id: true } },
          componentId: true,
          component: { select: { key: true, name: true, buildServer: { select: { key: true } } } },
          release: { select: { number: true, state: true, project: { select: { id: true, key: true } } } },
          builds: {
            orderBy: { attempt: "desc" },
            select: { id: true, attempt: true, state: true, createdAt: true, startedAt: true, endedAt: true },
          },
        },
      },
    },
  });
  if (!row || !can(actor.rights, "project.read", row.item.release.project.id)) throw noBuild();
  const { item } = row;
  const { release, component } = item;
  const { values, secrets, dropped } = storedParametersSchema.parse(row.parameters);
  const state = z.enum(BUILD_STATES).parse(row.state);
  const usual = await usualStages({ id: row.id, componentId: item.componentId });
  const usualMs = row.usualMs ?? row.estimatedMs;
  // A newer attempt, or a release that went on, leaves nothing to do here.
  const current = item.builds[0]?.id === row.id && !item.artifact;
  const mayGoOn = release.state === "building" || release.state === "build_failed";
  const actions = buildActions(state, (permission) => can(actor.rights, permission, release.project.id));
  return {
    id: row.id,
    project: release.project.key,
    release: release.number,
    component: component.key,
    componentName: component.name,
    ref: item.ref,
    commit: values.GIT_COMMIT ?? null,
    commitSubject: item.commitSubject,
    attempt: row.attempt,
    state,
    version: row.version,
    triggeredBy: row.triggeredBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
    usualMs,
    ...etaOf({ ...row, usualMs }, new Date()),
    queueWhy: z.enum(WAIT_CODES).nullable().parse(row.queueWhy),
    queueReason: row.queueReason,
    queueAhead: row.queueAhead,
    server: (row.buildServer ?? component.buildServer).key,
    abortRequestedAt: iso(row.abortRequestedAt),
    cause: causeSchema.nullable().parse(row.cause),
    url: row.url,
    number: row.number,
    node: row.node,
    logBytes: row.logBytes,
    logComplete: row.logComplete,
    logMasked: row.logMasked,
    logProblem: z.enum(LOG_PROBLEMS).nullable().parse(row.logProblem),
    stages: (storedStagesSchema.nullable().parse(row.stages) ?? []).map((stage) => ({
      ...stage,
      usualMs: usual.get(stage.name) ?? null,
    })),
    parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
    dropped,
    secrets,
    artifact: row.artifact && {
      ...row.artifact,
      sizeBytes: row.artifact.sizeBytes === null ? null : Number(row.artifact.sizeBytes),
    },
    attempts: item.builds.map((build) => ({
      ...build,
      createdAt: build.createdAt.toISOString(),
      startedAt: iso(build.startedAt),
      endedAt: iso(build.endedAt),
    })),
    actions: actions
      .filter((action) => (action === "abort" ? row.abortRequestedAt === null : current && mayGoOn))
      .map((action) => ({ action, blockers: [] })),
  };
}

const noBuild = () => new AppError("NOT_FOUND", "no such build");
const iso = (date: Date | null) => date?.toISOString() ?? null;
