import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import { toCommit } from "#lib/releases/changes.ts";
import { createBudget } from "#lib/tickets/find.ts";
import { ticketPatterns } from "#lib/tickets/queries.ts";
import type { CommitListDto, commitsQuerySchema, RefListDto, refsQuerySchema } from "./schema.ts";

async function readSource(actor: Actor, projectKey: string, key: string) {
  const project = await readProject(actor, projectKey);
  const component = await db.component.findUnique({
    where: { projectId_key: { projectId: project.id, key } },
    select: { gitUrl: true, defaultRef: true },
  });
  if (!component) throw new AppError("NOT_FOUND", `no component ${key} in ${projectKey}`);
  return { ...component, patterns: await ticketPatterns(project.id) };
}

/** @throws AppError NOT_FOUND; AdapterError when the Git host does not answer */
export async function listRefs(
  actor: Actor,
  input: { project: string; component: string } & z.infer<typeof refsQuerySchema>,
): Promise<RefListDto> {
  const { gitUrl, defaultRef, patterns } = await readSource(actor, input.project, input.component);
  const { search, kind, cursor, limit } = input;
  const { items, nextCursor } = await sourceHost(input.project).refs({ gitUrl, search, kind, cursor, limit });
  const budget = createBudget();
  return {
    items: items.map((ref) => ({
      kind: ref.kind,
      name: ref.name,
      commit: ref.commit,
      head: ref.head && toCommit(ref.head, patterns, budget),
      isDefault: ref.kind === "branch" && ref.name === defaultRef,
    })),
    nextCursor,
  };
}

/** @throws AppError NOT_FOUND (also for a ref that is not there); AdapterError when the Git host does not answer */
export async function listCommits(
  actor: Actor,
  input: { project: string; component: string } & z.infer<typeof commitsQuerySchema>,
): Promise<CommitListDto> {
  const { gitUrl, defaultRef, patterns } = await readSource(actor, input.project, input.component);
  const { search, cursor, limit, ref = defaultRef } = input;
  try {
    const { items, nextCursor } = await sourceHost(input.project).commits({
      gitUrl,
      ref,
      search,
      limit,
      cursor,
    });
    const budget = createBudget();
    return { items: items.map((commit) => toCommit(commit, patterns, budget)), nextCursor };
  } catch (error) {
    if (!(error instanceof AdapterError) || error.failure !== "missing") throw error;
    throw new AppError("NOT_FOUND", `no branch, tag or commit ${ref}`);
  }
}
