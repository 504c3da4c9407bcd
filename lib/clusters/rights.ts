import { stringify } from "yaml";
import type { AccessReview, AccessRule } from "#lib/adapters/ports.ts";
import { ALLOWED_KINDS } from "#lib/templates/policy.ts";

/** One rule as a Role has it. */
export type RoleRule = { apiGroups: string[]; resources: string[]; verbs: string[] };
/** A right as it is asked for; `resource` includes a subresource as `pods/log`. */
export type Right = { verb: string; group: string; resource: string };

const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
const pluralOf = (kind: string): string => {
  const name = kind.toLowerCase();
  if (name.endsWith("y")) return `${name.slice(0, -1)}ies`;
  return name.endsWith("s") ? `${name}es` : `${name}s`;
};

/** Applied, compared, pruned and watched for drift: everything that the policy of templates allows, and nothing else. */
const OBJECT_VERBS = ["get", "list", "watch", "create", "patch", "delete"];
const OBJECT_RULES: RoleRule[] = Object.entries(ALLOWED_KINDS).map(([apiVersion, kinds]) => ({
  apiGroups: [groupOf(apiVersion)],
  resources: kinds.map(pluralOf),
  verbs: OBJECT_VERBS,
}));
const rule = (group: string, resources: string[], verbs: string[]): RoleRule => ({
  apiGroups: [group],
  resources,
  verbs,
});

/** What the portal needs in the namespace of each target. */
export const NAMESPACE_RULES: readonly RoleRule[] = [
  ...OBJECT_RULES,
  // Whether and why a rollout comes up or not.
  rule("", ["pods", "events"], ["get", "list", "watch"]),
  rule("apps", ["replicasets"], ["get", "list", "watch"]),
  rule("", ["resourcequotas"], ["get", "list"]),
  rule("", ["pods/log"], ["get"]),
  // Smoke checks over HTTP, through the API server.
  rule("", ["services/proxy"], ["get"]),
  // The live page's own scaling.
  rule("apps", ["deployments/scale", "statefulsets/scale"], ["patch"]),
];

/** What it needs besides, where it shall make the namespaces of targets itself. */
export const CLUSTER_RULES: readonly RoleRule[] = [rule("", ["namespaces"], ["get", "create"])];

/** Each right of some rules by itself. Pure. */
export const rightsOf = (rules: readonly RoleRule[]): Right[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource }))),
    ),
  );

/** Those of `needed` that none of the account's rules gives; a rule for named objects gives none. Pure. */
export const missingRights = (granted: readonly AccessRule[], needed: readonly Right[]): Right[] =>
  needed.filter((right) => !granted.some((given) => covers(given, right)));

function covers({ verbs, groups, resources, names }: AccessRule, { verb, group, resource }: Right): boolean {
  const has = (list: string[], value: string) => list.includes("*") || list.includes(value);
  const [, subresource] = resource.split("/");
  const named =
    has(resources, resource) || (subresource !== undefined && resources.includes(`*/${subresource}`));
  return names.length === 0 && has(verbs, verb) && has(groups, group) && named;
}

/** The same right as a question to the API server. */
export function reviewOf({ verb, group, resource }: Right, namespace?: string): AccessReview {
  const [name = "", subresource] = resource.split("/");
  return { verb, group, resource: name, subresource, namespace };
}

/** `delete deployments.apps`, as kubectl names it. */
export function rightName({ verb, group, resource }: Right): string {
  const [name = "", subresource] = resource.split("/");
  const of = group === "" ? name : `${name}.${group}`;
  return `${verb} ${of}${subresource === undefined ? "" : `/${subresource}`}`;
}

export const ROLE_NAME = "refract";
const RBAC = "rbac.authorization.k8s.io";
const apiVersion = `${RBAC}/v1`;

/** Who gets the rights, from the name that the server calls the account. */
function subjectOf(user: string) {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):(.+)$/.exec(user) ?? [];
  return namespace && name
    ? { kind: "ServiceAccount", name, namespace }
    : { kind: "User", name: user, apiGroup: RBAC };
}

const documents = (...objects: object[]): string =>
  objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n");
const binding = (kind: "Role" | "ClusterRole", name: string, user: string, metadata: object) => ({
  apiVersion,
  kind: `${kind}Binding`,
  metadata: { name, ...metadata },
  roleRef: { apiGroup: RBAC, kind, name },
  subjects: [subjectOf(user)],
});

/**
 * YAML that gives an account what the portal needs in one namespace, for `kubectl apply -f -`. Pure.
 * @param input.namespace left out for a file that is applied with `kubectl apply --namespace`
 */
export function namespaceManifest(input: { user: string; namespace?: string }): string {
  const metadata = input.namespace === undefined ? {} : { namespace: input.namespace };
  return documents(
    { apiVersion, kind: "Role", metadata: { name: ROLE_NAME, ...metadata }, rules: NAMESPACE_RULES },
    binding("Role", ROLE_NAME, input.user, metadata),
  );
}

/** YAML that lets an account make namespaces, and gives it its rights in all of them: in new ones nobody else could. */
export function clusterManifest(user: string): string {
  const rules = [...CLUSTER_RULES, ...NAMESPACE_RULES];
  return documents(
    { apiVersion, kind: "ClusterRole", metadata: { name: ROLE_NAME }, rules },
    binding("ClusterRole", ROLE_NAME, user, {}),
  );
}
