import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { shownState } from "#lib/releases/shown-state.ts";
import type { Waiting } from "./waiting-row.ts";

const causeSchema = z
  .object({ code: z.string(), message: z.string(), facts: z.record(z.string(), z.unknown()).default({}) })
  .nullable()
  .catch(null);
const person = { select: { username: true, displayName: true } };
const LIMIT = 20;

/** Deployments of the reader's own that failed and were neither repaired nor replaced since. */
async function failedDeployments(actor: Actor, projectIds: string[]): Promise<Waiting[]> {
  const rows = await db.deployment.findMany({
    where: {
      projectId: { in: projectIds },
      createdById: actor.id,
      state: "failed",
      release: { state: "built", stages: { some: { state: "failed" } } },
    },
    orderBy: { id: "desc" },
    take: LIMIT,
    select: {
      id: true,
      projectId: true,
      environmentId: true,
      endedAt: true,
      createdAt: true,
      cause: true,
      createdBy: person,
      plan: { select: { digest: true } },
      environment: { select: { key: true } },
      release: {
        select: {
          number: true,
          title: true,
          stages: { where: { state: "failed" }, select: { environmentId: true } },
          deployments: { orderBy: { id: "desc" }, select: { id: true, environmentId: true } },
          items: { select: { component: { select: { key: true } } } },
        },
      },
    },
  });
  return rows
    .filter(
      ({ id, environmentId, release }) =>
        release.stages.some((stage) => stage.environmentId === environmentId) &&
        release.deployments.find((one) => one.environmentId === environmentId)?.id === id,
    )
    .map((row) => ({
      kind: "deploy_failed",
      projectId: row.projectId,
      release: row.release.number,
      title: row.release.title,
      components: row.release.items.map(({ component }) => component.key),
      environment: row.environment.key,
      person: row.createdBy,
      since: (row.endedAt ?? row.createdAt).toISOString(),
      planDigest: row.plan.digest,
      deployment: row.id,
      build: null,
      approval: null,
      cause: causeSchema.parse(row.cause),
    }));
}

/**
 * Release orders of the reader's own whose build failed, or was stopped: the newest attempt of the first item that failed,
 * of the first that was stopped where none did.
 */
async function failedBuilds(actor: Actor, projectIds: string[]): Promise<Waiting[]> {
  const rows = await db.release.findMany({
    where: { projectId: { in: projectIds }, createdById: actor.id, state: "build_failed" },
    orderBy: { id: "desc" },
    take: LIMIT,
    select: {
      number: true,
      title: true,
      projectId: true,
      createdBy: person,
      createdAt: true,
      items: {
        where: { artifact: null },
        select: {
          component: { select: { key: true } },
          builds: {
            orderBy: { attempt: "desc" },
            take: 1,
            select: { id: true, state: true, endedAt: true, cause: true },
          },
        },
      },
    },
  });
  return rows.map((row) => {
    const builds = row.items.flatMap((item) => item.builds);
    const build = builds.find(({ state }) => state !== "aborted") ?? builds[0];
    const items = row.items.map(({ builds: [newest] }) => ({ artifact: null, build: newest ?? null }));
    return {
      kind: shownState("build_failed", items) === "build_aborted" ? "build_aborted" : "build_failed",
      projectId: row.projectId,
      release: row.number,
      title: row.title,
      components: row.items.map(({ component }) => component.key),
      environment: null,
      person: row.createdBy,
      since: (build?.endedAt ?? row.createdAt).toISOString(),
      planDigest: null,
      deployment: null,
      build: build?.id ?? null,
      approval: null,
      cause: causeSchema.parse(build?.cause ?? null),
    };
  });
}

/** Failures of the reader's own that nobody has repaired yet. */
export async function failuresOf(actor: Actor, projectIds: string[]): Promise<Waiting[]> {
  const [deployments, builds] = await Promise.all([
    failedDeployments(actor, projectIds),
    failedBuilds(actor, projectIds),
  ]);
  return [...deployments, ...builds];
}
