import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { readServers } from "#lib/builds/server-choice.ts";
import { db } from "#lib/db.ts";
import { readProject } from "#lib/projects/queries.ts";
import type { buildChoicesSchema } from "./schema.ts";

/** Build servers that are open to a project, by key. For whoever may read it. @throws AppError NOT_FOUND */
export async function listBuildChoices(
  actor: Actor,
  projectKey: string,
): Promise<z.infer<typeof buildChoicesSchema>> {
  const project = await readProject(actor, projectKey);
  const items = (await readServers(db))
    .filter(({ projects }) => projects.length === 0 || projects.includes(project.key))
    .map(({ key, name, labels, disabled, open }) => ({ key, name, labels: [...labels], disabled, open }));
  return { items, nextCursor: null };
}
