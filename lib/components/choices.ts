import type { Actor } from "#lib/access/actor.ts";
import { AppError } from "#lib/errors.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { listComponents } from "./queries.ts";

export type Named = { key: string; name: string };
const MOST_PROJECTS = 200;

/**
 * What a list can be filtered by: the actor's projects, and the components of the chosen one. A project that is not
 * there, or not for this reader, has none.
 */
export async function listChoices(
  actor: Actor,
  chosen?: string,
): Promise<{ projects: Named[]; components: Named[] }> {
  const named = ({ key, name }: Named): Named => ({ key, name });
  const [projects, components] = await Promise.all([
    listProjects(actor, { limit: MOST_PROJECTS }),
    chosen === undefined ? { items: [] } : componentsOf(actor, chosen),
  ]);
  return { projects: projects.items.map(named), components: components.items.map(named) };
}

async function componentsOf(actor: Actor, project: string): Promise<{ items: Named[] }> {
  try {
    return await listComponents(actor, project);
  } catch (error) {
    if (error instanceof AppError) return { items: [] };
    throw error;
  }
}
