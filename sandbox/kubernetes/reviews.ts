import { trackUpdate } from "./apply/apply.ts";
import { decodeObject } from "./decode.ts";
import type { Json, JsonObject } from "./json.ts";
import { objectAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { now } from "./objects.ts";
import type { Registry } from "./registry.ts";
import { typeFor } from "./registry.ts";
import type { Call, Target } from "./request.ts";
import { managerOf, readBody, send } from "./request.ts";
import { authorize, BASE_RULES, grantsFor } from "./users.ts";

/** Questions that are asked by creating an object and never stored: may I, what may I, who am I. */
export async function review(registry: Registry, target: Target, call: Call): Promise<void> {
  const { resource } = target;
  const body = decodeObject(call, target, await readBody(call.request));
  const spec = objectAt(body, "spec");
  const head = { kind: resource.kind, apiVersion: resource.apiVersion };
  if (resource.name === "selfsubjectreviews") {
    const { name, uid, groups } = call.user;
    const userInfo: JsonObject = { username: name, ...(uid ? { uid } : {}), groups };
    return send(call, 201, { ...head, metadata: { creationTimestamp: now() }, status: { userInfo } });
  }
  if (resource.name === "selfsubjectrulesreviews") {
    return send(call, 201, {
      ...head,
      metadata: {},
      spec: {},
      status: rules(registry, call, textAt(spec, "namespace")),
    });
  }
  const asked = objectAt(spec, "resourceAttributes");
  const subresource = textAt(asked, "subresource");
  const user =
    resource.name === "subjectaccessreviews"
      ? { name: textAt(spec, "user"), groups: ["system:authenticated", ...groupsOf(spec)] }
      : call.user;
  const { allowed, reason } = authorize(registry.store, user, {
    verb: textAt(asked, "verb"),
    group: textAt(asked, "group"),
    resource: subresource === "" ? textAt(asked, "resource") : `${textAt(asked, "resource")}/${subresource}`,
    namespace: textAt(asked, "namespace"),
    name: textAt(asked, "name"),
  });
  send(call, 201, {
    ...head,
    metadata: { managedFields: managed(target, body, managerOf(call)) },
    spec,
    status: { allowed, ...(reason === "" ? {} : { reason }) },
  });
}

function groupsOf(spec: JsonObject): string[] {
  const groups = spec.groups;
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
}

function managed(target: Target, body: KubeObject, manager: string): Json[] {
  const { apiVersion } = target.resource;
  const owner = { manager, operation: "Update" as const, apiVersion, subresource: "" };
  return trackUpdate(undefined, body, typeFor(target.resource), owner, now());
}

const OPEN_PATHS = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

function rules(registry: Registry, call: Call, namespace: string): JsonObject {
  const all = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
  const granted = grantsFor(registry.store, call.user, namespace).flatMap((grant) => grant.rules);
  const admin = call.user.groups.includes("system:masters");
  return {
    resourceRules: [...(admin ? all : []), ...BASE_RULES, ...granted],
    nonResourceRules: [
      {
        verbs: ["get"],
        nonResourceURLs: [
          "/api",
          "/api/*",
          "/apis",
          "/apis/*",
          "/healthz",
          "/livez",
          "/openapi",
          "/openapi/*",
          "/readyz",
          "/version",
          "/version/",
        ],
      },
      { verbs: ["get"], nonResourceURLs: OPEN_PATHS },
    ],
    incomplete: false,
  };
}
