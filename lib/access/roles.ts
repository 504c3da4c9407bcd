/** The role table of the product: who may do what. No other file compares role names. */
export const PROJECT_ROLES = ["developer", "tester", "ops", "owner"] as const;
export type ProjectRole = (typeof PROJECT_ROLES)[number];
export const GLOBAL_ROLES = ["auditor", "admin"] as const;
export type GlobalRole = (typeof GLOBAL_ROLES)[number];
export type Role = ProjectRole | GlobalRole;

export const PERMISSIONS = [
  "project.read",
  "release.write",
  "stage.flow",
  /** Deploy in an open environment where the project's switch is on or a grant is held. */
  "deploy.open.granted",
  "deploy.open",
  "deploy.controlled",
  "plan.approve",
  /** Let an image through that the environment's policy refuses, for a time. */
  "waiver.decide",
  "config.edit.open",
  "config.edit.controlled",
  "template.edit.open",
  "template.edit.controlled",
  "project.manage",
  "freeze.manage",
  "audit.read",
  "platform.manage",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  developer: [
    "project.read",
    "release.write",
    "deploy.open.granted",
    "config.edit.open",
    "template.edit.open",
  ],
  tester: ["project.read", "stage.flow"],
  ops: [
    "project.read",
    "release.write",
    "deploy.open",
    "deploy.controlled",
    "plan.approve",
    "waiver.decide",
    "config.edit.open",
    "config.edit.controlled",
    "template.edit.open",
    "template.edit.controlled",
    "freeze.manage",
  ],
  owner: [
    "project.read",
    "release.write",
    "stage.flow",
    "plan.approve",
    "waiver.decide",
    "config.edit.open",
    "config.edit.controlled",
    "template.edit.open",
    "template.edit.controlled",
    "project.manage",
    "freeze.manage",
    "audit.read",
  ],
  auditor: ["project.read", "audit.read"],
  admin: ["project.read", "audit.read", "platform.manage"],
};

/** Roles that hold a permission: who can lift a refusal. */
export const rolesWith = (permission: Permission): Role[] =>
  [...PROJECT_ROLES, ...GLOBAL_ROLES].filter((role) => ROLE_PERMISSIONS[role].includes(permission));
