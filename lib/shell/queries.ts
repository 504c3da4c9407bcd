import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { approvalsWaiting } from "#lib/approvals/queries.ts";
import { db } from "#lib/db.ts";
import type { ShellDto } from "./schema.ts";

/** More than this is found by search, not by scrolling the switcher. */
const SWITCHER_LIMIT = 200;

/** What the frame around every page shows to this person. */
export async function loadShell(actor: Actor): Promise<ShellDto> {
  const { rights } = actor;
  const mine = Object.keys(rights.projectRoles);
  const [projects, approvalsCount] = await Promise.all([
    db.project.findMany({
      where: can(rights, "project.read") ? {} : { id: { in: mine } },
      orderBy: { key: "asc" },
      take: SWITCHER_LIMIT,
      select: { id: true, key: true, name: true },
    }),
    approvalsWaiting(actor),
  ]);
  return {
    user: {
      id: actor.id,
      username: actor.username,
      displayName: actor.displayName,
      globalRoles: [...rights.globalRoles],
    },
    projects: projects.map(({ id, key, name }) => ({
      key,
      name,
      roles: [...(rights.projectRoles[id] ?? [])],
    })),
    approvalsCount,
    mayReadAudit: can(rights, "audit.read") || mine.some((id) => can(rights, "audit.read", id)),
    mayAdminister: can(rights, "platform.manage"),
  };
}
