import { type GlobalRole, type Permission, type ProjectRole, ROLE_PERMISSIONS, rolesWith } from "./roles.ts";

/** What a person may do, as read from the database for this one request. */
export type Rights = {
  userId: string;
  globalRoles: readonly GlobalRole[];
  /** By project id. */
  projectRoles: Readonly<Record<string, readonly ProjectRole[]>>;
  grants: readonly { projectId: string; environmentId: string; expiresAt: Date }[];
};

/** Global roles count in every project; a project role only in its own. Without a project only global roles count. */
export function can(rights: Rights, permission: Permission, projectId?: string): boolean {
  const roles = [...rights.globalRoles, ...(projectId ? (rights.projectRoles[projectId] ?? []) : [])];
  return roles.some((role) => ROLE_PERMISSIONS[role].includes(permission));
}

export type EnvironmentFacts = { id: string; kind: "open" | "controlled"; developersMayDeploy: boolean };

/** Deploy, roll back, restart and scale are one right. */
export function mayDeploy(
  rights: Rights,
  projectId: string,
  environment: EnvironmentFacts,
  now: Date,
): boolean {
  if (environment.kind === "controlled") return can(rights, "deploy.controlled", projectId);
  if (can(rights, "deploy.open", projectId)) return true;
  if (!can(rights, "deploy.open.granted", projectId)) return false;
  return (
    environment.developersMayDeploy ||
    rights.grants.some(
      (grant) =>
        grant.projectId === projectId && grant.environmentId === environment.id && grant.expiresAt > now,
    )
  );
}

/** Roles that may deploy there without a switch or grant. */
export const deployersOf = (environment: Pick<EnvironmentFacts, "kind">) =>
  rolesWith(environment.kind === "controlled" ? "deploy.controlled" : "deploy.open");

export function mayEditConfig(rights: Rights, projectId: string, kind: "open" | "controlled"): boolean {
  return can(rights, kind === "open" ? "config.edit.open" : "config.edit.controlled", projectId);
}

/** Global templates (no project) are the platform's. */
export function mayEditTemplate(
  rights: Rights,
  projectId: string | null,
  kind: "open" | "controlled",
): boolean {
  if (projectId === null) return can(rights, "platform.manage");
  return can(rights, kind === "open" ? "template.edit.open" : "template.edit.controlled", projectId);
}
