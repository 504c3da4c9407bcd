import { cookies } from "next/headers";
import type { Actor } from "#lib/access/actor.ts";
import { AppError } from "#lib/errors.ts";
import { PREFERENCE_COOKIES } from "#lib/i18n/locale.ts";
import { getProject, listProjects } from "#lib/projects/queries.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";

/**
 * The project that a page of the rail is about: the one in the address, else the one last looked at, else the first.
 * Null when the reader has none.
 * @throws AppError NOT_FOUND for an address that names one that may not be read
 */
export async function chosenProject(
  actor: Actor,
  named: string | undefined,
): Promise<ProjectDetailDto | null> {
  if (named) return getProject(actor, named);
  const remembered = (await cookies()).get(PREFERENCE_COOKIES.project)?.value;
  if (remembered) {
    try {
      return await getProject(actor, remembered);
    } catch (error) {
      // Gone, or no longer readable.
      if (!(error instanceof AppError)) throw error;
    }
  }
  const [first] = (await listProjects(actor, { limit: 1 })).items;
  return first ? getProject(actor, first.key) : null;
}
