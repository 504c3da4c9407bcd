import { describe, expect, it } from "vitest";
import { can, mayDeploy, mayEditConfig, mayEditTemplate, type Rights } from "./policy.ts";
import { GLOBAL_ROLES, PERMISSIONS, type Permission, PROJECT_ROLES, type Role, rolesWith } from "./roles.ts";

const HERE = "project-1";
const ELSEWHERE = "project-2";
const NOW = new Date("2026-11-20T08:00:00Z");

function rightsOf(role: Role, grants: Rights["grants"] = []): Rights {
  const global = GLOBAL_ROLES.find((known) => known === role);
  const project = PROJECT_ROLES.find((known) => known === role);
  return {
    userId: "u",
    globalRoles: global ? [global] : [],
    projectRoles: project ? { [HERE]: [project] } : {},
    grants,
  };
}

// The table of domain.md, written a second time on purpose: the code's table must agree with the design's.
const ALLOWED: Record<Permission, Role[]> = {
  "project.read": ["developer", "tester", "ops", "owner", "auditor", "admin"],
  "release.write": ["developer", "ops", "owner"],
  "stage.flow": ["tester", "owner"],
  "deploy.open.granted": ["developer"],
  "deploy.open": ["ops"],
  "deploy.controlled": ["ops"],
  "plan.approve": ["ops", "owner"],
  "waiver.decide": ["ops", "owner"],
  "config.edit.open": ["developer", "ops", "owner"],
  "config.edit.controlled": ["ops", "owner"],
  "template.edit.open": ["developer", "ops", "owner"],
  "template.edit.controlled": ["ops", "owner"],
  "project.manage": ["owner"],
  "freeze.manage": ["ops", "owner"],
  "audit.read": ["owner", "auditor", "admin"],
  "platform.manage": ["admin"],
};
const ROLES: Role[] = [...PROJECT_ROLES, ...GLOBAL_ROLES];

describe.each(PERMISSIONS)("%s", (permission) => {
  it.each(ROLES)("for %s", (role) => {
    expect(can(rightsOf(role), permission, HERE)).toBe(ALLOWED[permission].includes(role));
  });
  it("names the roles that hold it", () => {
    expect(new Set(rolesWith(permission))).toEqual(new Set(ALLOWED[permission]));
  });
});

it.each(PROJECT_ROLES)("%s has no right in another project", (role) => {
  expect(PERMISSIONS.filter((permission) => can(rightsOf(role), permission, ELSEWHERE))).toEqual([]);
});

describe("deploying", () => {
  const open = { id: "fat", kind: "open" as const, developersMayDeploy: false };
  const switched = { ...open, developersMayDeploy: true };
  const controlled = { id: "prod", kind: "controlled" as const, developersMayDeploy: true };
  const grant = (environmentId: string, projectId = HERE, expiresAt = new Date("2026-11-20T09:00:00Z")) => [
    { projectId, environmentId, expiresAt },
  ];

  it.each(ROLES)("%s in an open environment without the switch", (role) => {
    expect(mayDeploy(rightsOf(role), HERE, open, NOW)).toBe(role === "ops");
  });
  it.each(ROLES)("%s in an open environment with the switch", (role) => {
    expect(mayDeploy(rightsOf(role), HERE, switched, NOW)).toBe(role === "ops" || role === "developer");
  });
  it.each(ROLES)("%s in a controlled environment, whatever the switch or a grant says", (role) => {
    expect(mayDeploy(rightsOf(role, grant("prod")), HERE, controlled, NOW)).toBe(role === "ops");
  });
  it.each([
    ["for this environment", grant("fat"), true],
    ["for another environment", grant("uat"), false],
    ["in another project", grant("fat", ELSEWHERE), false],
    ["that has ended", grant("fat", HERE, NOW), false],
  ])("a developer with a grant %s", (_, grants, allowed) => {
    expect(mayDeploy(rightsOf("developer", grants), HERE, open, NOW)).toBe(allowed);
  });
  it("a tester with a grant still does not deploy", () => {
    expect(mayDeploy(rightsOf("tester", grant("fat")), HERE, open, NOW)).toBe(false);
  });
});

it.each(ROLES)("%s edits config and templates as the table says", (role) => {
  const editors: Role[] = ["ops", "owner"];
  expect(mayEditConfig(rightsOf(role), HERE, "open")).toBe(editors.includes(role) || role === "developer");
  expect(mayEditConfig(rightsOf(role), HERE, "controlled")).toBe(editors.includes(role));
  expect(mayEditTemplate(rightsOf(role), HERE, "controlled")).toBe(editors.includes(role));
  expect(mayEditTemplate(rightsOf(role), null, "open")).toBe(role === "admin");
});
