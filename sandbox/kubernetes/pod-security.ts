import { errors } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { get, isObject, listAt, objectAt, objectsAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";
import { kinds } from "./resources.ts";
import type { Store } from "./store.ts";

const LABEL = "pod-security.kubernetes.io";

type Level = "privileged" | "baseline" | "restricted";
interface Policy {
  level: Level;
  version: string;
}

/**
 * Pod Security admission: a pod that violates what its namespace enforces is refused, and so later are the pods of a
 * template that does; whoever stores it is only warned.
 */
export function admitPodSecurity(
  store: Store,
  resource: Resource,
  object: KubeObject,
  warn: (text: string) => void,
): void {
  const spec = podSpecOf(resource, object);
  if (!spec) return;
  const labels = store.get(kinds.namespaces, "", object.metadata.namespace ?? "")?.metadata.labels ?? {};
  const enforced = policyOf(labels, "enforce");
  if (resource === kinds.pods) {
    const broken = violations(spec, enforced.level);
    if (broken !== "") {
      throw errors.forbidden(
        resource,
        object.metadata.name,
        `violates PodSecurity "${enforced.level}:${enforced.version}": ${broken}`,
      );
    }
  }
  // Who enforces and does not speak of warnings is warned of the same.
  const warned = labels[`${LABEL}/warn`] === undefined ? enforced : policyOf(labels, "warn");
  const broken = violations(spec, warned.level);
  if (broken !== "") warn(`would violate PodSecurity "${warned.level}:${warned.version}": ${broken}`);
}

function policyOf(labels: Record<string, string>, mode: "enforce" | "warn"): Policy {
  const level = labels[`${LABEL}/${mode}`];
  return {
    level: level === "baseline" || level === "restricted" ? level : "privileged",
    version: labels[`${LABEL}/${mode}-version`] ?? "latest",
  };
}

function podSpecOf(resource: Resource, object: KubeObject): JsonObject | undefined {
  if (resource === kinds.pods) return objectAt(object, "spec");
  const path = resource === kinds.cronjobs ? ["jobTemplate", "spec", "template"] : ["template"];
  const found = get(object, "spec", ...path, "spec");
  return isObject(found) ? found : undefined;
}

/** What the pod's spec does that the level does not allow, in the real server's words; "" where nothing. */
function violations(spec: JsonObject, level: Level): string {
  if (level === "privileged") return "";
  const containers = ["initContainers", "containers"].flatMap((list) => objectsAt(spec, list));
  const pod = objectAt(spec, "securityContext");
  const own = (container: JsonObject) => objectAt(container, "securityContext");
  const broken: string[] = [];
  /** Notes the containers that break a rule. */
  const each = (rule: string, breaks: (container: JsonObject) => boolean, tell: (who: string) => string) => {
    const names = containers.filter(breaks).map((container) => JSON.stringify(textAt(container, "name")));
    if (names.length === 0) return;
    broken.push(`${rule} (${tell(`container${names.length > 1 ? "s" : ""} ${names.join(", ")}`)})`);
  };
  /** The value of a container, else the pod's. */
  const effective = (container: JsonObject, ...path: string[]): Json | undefined =>
    get(own(container), ...path) ?? get(pod, ...path);
  const restricted = level === "restricted";

  if (restricted) {
    each(
      "allowPrivilegeEscalation != false",
      (container) => own(container).allowPrivilegeEscalation !== false,
      (who) => `${who} must set securityContext.allowPrivilegeEscalation=false`,
    );
    each(
      "unrestricted capabilities",
      (container) => !listAt(objectAt(own(container), "capabilities"), "drop").includes("ALL"),
      (who) => `${who} must set securityContext.capabilities.drop=["ALL"]`,
    );
  }
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => spec[key] === true);
  if (host.length > 0) broken.push(`host namespaces (${host.map((key) => `${key}=true`).join(", ")})`);
  const volumes = objectsAt(spec, "volumes").filter((volume) => volume.hostPath !== undefined);
  if (volumes.length > 0) {
    const names = volumes.map((volume) => JSON.stringify(textAt(volume, "name"))).join(", ");
    broken.push(`hostPath volumes (volume${volumes.length > 1 ? "s" : ""} ${names})`);
  }
  each(
    "hostPort",
    (container) => objectsAt(container, "ports").some((port) => Number(port.hostPort ?? 0) > 0),
    (who) => `${who} uses a hostPort`,
  );
  each(
    "privileged",
    (container) => own(container).privileged === true,
    (who) => `${who} must not set securityContext.privileged=true`,
  );
  if (restricted) {
    each(
      "runAsNonRoot != true",
      (container) => effective(container, "runAsNonRoot") !== true,
      (who) => `pod or ${who} must set securityContext.runAsNonRoot=true`,
    );
    each(
      "runAsUser=0",
      (container) => effective(container, "runAsUser") === 0,
      (who) => `${who} must not set runAsUser=0`,
    );
    each(
      "seccompProfile",
      (container) =>
        !["RuntimeDefault", "Localhost"].includes(String(effective(container, "seccompProfile", "type"))),
      (who) =>
        `pod or ${who} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    );
  }
  return broken.join(", ");
}
