import type { Json } from "./json.ts";
import { listAt, objectsAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { kinds } from "./resources.ts";
import type { Store } from "./store.ts";

export interface User {
  name: string;
  uid?: string;
  groups: string[];
}

/** What a request wants to do to a resource; `resource` includes a subresource as `pods/log`. */
export interface Attributes {
  verb: string;
  group: string;
  resource: string;
  namespace: string;
  name: string;
}

export const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** Users by bearer token: the administrator, and one who has only what RoleBindings give to `deployer`. */
export function tokenUsers(adminToken: string, restrictedToken: string | undefined): Map<string, User> {
  const users = new Map<string, User>([
    [adminToken, { name: "admin", uid: "admin", groups: ["system:masters", "system:authenticated"] }],
  ]);
  if (restrictedToken) {
    users.set(restrictedToken, {
      name: "deployer",
      uid: "deployer",
      groups: ["deployers", "system:authenticated"],
    });
  }
  return users;
}

/** Rules every authenticated user has, on top of the stored roles. */
export const BASE_RULES: Json[] = [
  {
    verbs: ["create"],
    apiGroups: ["authorization.k8s.io"],
    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
  },
  { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
];

interface Grant {
  reason: string;
  rules: Json[];
}

/** The roles bound to the user for a namespace ("" for cluster scope), out of the stored RBAC objects. */
export function grantsFor(store: Store, user: User, namespace: string): Grant[] {
  const grants: Grant[] = [];
  const add = (binding: KubeObject, scope: string) => {
    const subject = objectsAt(binding, "subjects").find((entry) => {
      const name = textAt(entry, "name");
      if (entry.kind === "Group") return user.groups.includes(name);
      if (entry.kind === "User") return user.name === name;
      return user.name === `system:serviceaccount:${textAt(entry, "namespace")}:${name}`;
    });
    if (!subject) return;
    const kind = textAt(binding, "roleRef", "kind");
    const role = textAt(binding, "roleRef", "name");
    const found =
      kind === "Role" ? store.get(kinds.roles, scope, role) : store.get(kinds.clusterroles, "", role);
    if (!found) return;
    const where = scope === "" ? binding.metadata.name : `${binding.metadata.name}/${scope}`;
    const who = `${textAt(subject, "kind")} "${textAt(subject, "name")}"`;
    const reason = `RBAC: allowed by ${binding.kind} "${where}" of ${kind} "${role}" to ${who}`;
    grants.push({ reason, rules: listAt(found, "rules") });
  };
  for (const binding of store.list(kinds.clusterrolebindings)) add(binding, "");
  if (namespace !== "")
    for (const binding of store.list(kinds.rolebindings, namespace)) add(binding, namespace);
  return grants;
}

/** Whether the user may; the reason is empty where no rule needs naming. */
export function authorize(
  store: Store,
  user: User,
  wanted: Attributes,
): { allowed: boolean; reason: string } {
  if (user.groups.includes("system:masters")) return { allowed: true, reason: "" };
  if (!user.groups.includes("system:authenticated")) return { allowed: false, reason: "" };
  if (BASE_RULES.some((rule) => covers(rule, wanted))) return { allowed: true, reason: "" };
  for (const grant of grantsFor(store, user, wanted.namespace)) {
    if (grant.rules.some((rule) => covers(rule, wanted))) return { allowed: true, reason: grant.reason };
  }
  return { allowed: false, reason: "" };
}

function covers(rule: Json, wanted: Attributes): boolean {
  const has = (key: string, value: string) => {
    const list = listAt(rule, key);
    return list.includes("*") || list.includes(value);
  };
  const names = listAt(rule, "resourceNames");
  const [, sub] = wanted.resource.split("/");
  const resource = has("resources", wanted.resource) || (sub !== undefined && has("resources", `*/${sub}`));
  return (
    has("verbs", wanted.verb) &&
    has("apiGroups", wanted.group) &&
    resource &&
    (names.length === 0 || names.includes(wanted.name))
  );
}

/** `User "deployer" cannot list resource "secrets" in API group "" in the namespace "x"`. */
export function denial(user: User, wanted: Attributes): string {
  const where = wanted.namespace === "" ? "at the cluster scope" : `in the namespace "${wanted.namespace}"`;
  return `User "${user.name}" cannot ${wanted.verb} resource "${wanted.resource}" in API group "${wanted.group}" ${where}`;
}
