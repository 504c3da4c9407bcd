import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { can, type Rights } from "./policy.ts";
import { GLOBAL_ROLES, type Permission, PROJECT_ROLES, rolesWith } from "./roles.ts";

/** Who acts in this request or job. Rights are read from the database each time: a revoked role stops at once. */
export type Actor = {
  id: string;
  username: string;
  displayName: string;
  rights: Rights;
  requestId: string | null;
  /** Id of the API token that they came with; a session has none. */
  token?: string;
};

const isProjectRole = (role: string) => PROJECT_ROLES.find((known) => known === role);
const isGlobalRole = (role: string) => GLOBAL_ROLES.find((known) => known === role);

/** What `actorOf` reads of a user. */
export const actorSelect = () => ({
  id: true,
  username: true,
  displayName: true,
  disabledAt: true,
  sessionVersion: true,
  globalRoles: true,
  memberships: { select: { projectId: true, role: true } },
  grants: {
    where: { revokedAt: null, expiresAt: { gt: new Date() } },
    select: { projectId: true, environmentId: true, expiresAt: true },
  },
});
type ActorRow = {
  id: string;
  username: string;
  displayName: string;
  disabledAt: Date | null;
  sessionVersion: number;
  globalRoles: string[];
  memberships: { projectId: string; role: string }[];
  grants: Rights["grants"];
};

/** Null when the user is disabled. */
export function actorOf(
  user: ActorRow,
  requestId: string | null,
): (Actor & { sessionVersion: number }) | null {
  if (user.disabledAt) return null;
  const projectRoles: Record<string, (typeof PROJECT_ROLES)[number][]> = {};
  for (const { projectId, role } of user.memberships) {
    const known = isProjectRole(role);
    if (!known) continue;
    projectRoles[projectId] ??= [];
    projectRoles[projectId].push(known);
  }
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    requestId,
    sessionVersion: user.sessionVersion,
    rights: {
      userId: user.id,
      globalRoles: user.globalRoles.flatMap((role) => isGlobalRole(role) ?? []),
      projectRoles,
      grants: user.grants,
    },
  };
}

/** Null when the user does not exist or is disabled. */
export async function loadActor(userId: string, requestId: string | null = null, tx: Tx = db) {
  const user = await tx.user.findUnique({ where: { id: userId }, select: actorSelect() });
  return user && actorOf(user, requestId);
}

/**
 * @throws AppError FORBIDDEN naming the roles that may, or NOT_FOUND when the project may not even be read:
 * what one may not see does not exist.
 */
export function requirePermission(actor: Actor, permission: Permission, projectId?: string): void {
  if (projectId && !can(actor.rights, "project.read", projectId)) {
    throw new AppError("NOT_FOUND", "no such project");
  }
  if (!can(actor.rights, permission, projectId)) throw forbidden(permission);
}

export function forbidden(permission: Permission): AppError {
  const liftedBy = rolesWith(permission);
  return new AppError("FORBIDDEN", `needs one of: ${liftedBy.join(", ")}`, {
    blockers: [
      {
        code: "ROLE_MISSING",
        message: `needs one of: ${liftedBy.join(", ")}`,
        facts: { permission },
        liftedBy,
      },
    ],
  });
}

/** Ids of the projects that the actor may read; null means all. */
export function readableProjects(actor: Actor): string[] | null {
  return can(actor.rights, "project.read") ? null : Object.keys(actor.rights.projectRoles);
}
