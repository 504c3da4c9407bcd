import type { Cause } from "./errors.ts";
import { invalidValue, requiredValue, unsupportedValue } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { equal, get, isObject, numberAt, objectAt, objectsAt, stringsAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { quantityValue } from "./quantity.ts";
import { objectSelector } from "./selectors.ts";
import { dataProblems, LABEL, LABEL_RULE, metadataProblems } from "./validate-metadata.ts";

/** What is wrong with an object after defaulting; `old` is the state it would replace. */
export function validate(object: KubeObject, old?: KubeObject): Cause[] {
  const causes = [...metadataProblems(object), ...dataProblems(object)];
  const spec = objectAt(object, "spec");
  const templated = ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].includes(object.kind);
  if (templated) causes.push(...workloadProblems(object, spec));
  if (object.kind === "Job")
    causes.push(...podProblems(objectAt(spec, "template", "spec"), "spec.template.spec"));
  if (object.kind === "Pod") causes.push(...podProblems(spec, "spec"));
  if (object.kind === "Service") causes.push(...serviceProblems(spec));
  if (old) causes.push(...changeProblems(object, old));
  return causes;
}

function workloadProblems(object: KubeObject, spec: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const replicas = numberAt(spec, "replicas");
  if (replicas !== undefined && replicas < 0) {
    causes.push(invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"));
  }
  const labels = stringsAt(spec, "template", "metadata", "labels");
  if (spec.selector === undefined) {
    causes.push(requiredValue("spec.selector"));
    if (object.kind === "Deployment") {
      causes.push(
        invalidValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"),
      );
    }
  } else if (!objectSelector(spec.selector)(labels)) {
    causes.push(
      invalidValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"),
    );
  }
  causes.push(...podProblems(objectAt(spec, "template", "spec"), "spec.template.spec"));
  const restart = get(spec, "template", "spec", "restartPolicy");
  if (restart !== undefined && restart !== "Always") {
    causes.push(unsupportedValue("spec.template.spec.restartPolicy", restart, ["Always"]));
  }
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  if (deadline !== undefined && deadline <= (numberAt(spec, "minReadySeconds") ?? 0)) {
    causes.push(
      invalidValue("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"),
    );
  }
  return causes;
}

function podProblems(spec: JsonObject, path: string): Cause[] {
  const causes: Cause[] = [];
  const volumes = objectsAt(spec, "volumes").map((volume) => textAt(volume, "name"));
  const containers = objectsAt(spec, "containers");
  if (containers.length === 0) causes.push(requiredValue(`${path}.containers`));
  containers.forEach((container, index) => {
    causes.push(...containerProblems(container, `${path}.containers[${index}]`, volumes));
  });
  objectsAt(spec, "initContainers").forEach((container, index) => {
    causes.push(...containerProblems(container, `${path}.initContainers[${index}]`, volumes));
  });
  return causes;
}

function containerProblems(container: JsonObject, path: string, volumes: string[]): Cause[] {
  const causes: Cause[] = [];
  const name = textAt(container, "name");
  if (name === "") causes.push(requiredValue(`${path}.name`));
  else if (!LABEL.test(name)) causes.push(invalidValue(`${path}.name`, name, LABEL_RULE));
  if (textAt(container, "image") === "") causes.push(requiredValue(`${path}.image`));
  objectsAt(container, "ports").forEach((port, index) => {
    const number = numberAt(port, "containerPort");
    const here = `${path}.ports[${index}].containerPort`;
    if (number === undefined) causes.push(requiredValue(here));
    else if (number < 1 || number > 65535) {
      causes.push(invalidValue(here, number, "must be between 1 and 65535, inclusive"));
    }
  });
  objectsAt(container, "env").forEach((variable, index) => {
    if (textAt(variable, "name") === "") causes.push(requiredValue(`${path}.env[${index}].name`));
  });
  objectsAt(container, "volumeMounts").forEach((mount, index) => {
    const volume = textAt(mount, "name");
    if (!volumes.includes(volume)) {
      const field = `${path}.volumeMounts[${index}].name`;
      causes.push({ reason: "FieldValueNotFound", message: `Not found: ${JSON.stringify(volume)}`, field });
    }
  });
  for (const part of ["limits", "requests"]) {
    for (const [name, amount] of Object.entries(stringsAt(container, "resources", part))) {
      if (quantityValue(amount) === undefined) {
        const rule =
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
        causes.push(invalidValue(`${path}.resources.${part}[${name}]`, amount, rule));
      }
    }
  }
  for (const [name, request] of Object.entries(stringsAt(container, "resources", "requests"))) {
    const limit = stringsAt(container, "resources", "limits")[name];
    if (limit !== undefined && (quantityValue(request) ?? 0) > (quantityValue(limit) ?? 0)) {
      const rule = `must be less than or equal to ${name} limit of ${limit}`;
      causes.push(invalidValue(`${path}.resources.requests`, request, rule));
    }
  }
  return causes;
}

function serviceProblems(spec: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const ports = objectsAt(spec, "ports");
  if (ports.length === 0 && spec.clusterIP !== "None" && spec.type !== "ExternalName") {
    causes.push(requiredValue("spec.ports"));
  }
  ports.forEach((port, index) => {
    const number = numberAt(port, "port") ?? 0;
    if (number < 1 || number > 65535) {
      causes.push(
        invalidValue(`spec.ports[${index}].port`, number, "must be between 1 and 65535, inclusive"),
      );
    }
    if (ports.length > 1 && textAt(port, "name") === "")
      causes.push(requiredValue(`spec.ports[${index}].name`));
  });
  const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
  if (!types.includes(textAt(spec, "type"))) causes.push(unsupportedValue("spec.type", spec.type, types));
  return causes;
}

const IMMUTABLE = "field is immutable";

function changeProblems(object: KubeObject, old: KubeObject): Cause[] {
  const changed = (...path: string[]) => !equal(get(object, ...path), get(old, ...path));
  const causes: Cause[] = [];
  const fixed = (...path: string[]) => {
    if (changed(...path)) causes.push(invalidValue(path.join("."), shown(get(object, ...path)), IMMUTABLE));
  };
  if (["Deployment", "ReplicaSet", "DaemonSet", "Job"].includes(object.kind)) fixed("spec", "selector");
  if (object.kind === "Job") fixed("spec", "template");
  if (object.kind === "StatefulSet") {
    const free = [
      "replicas",
      "ordinals",
      "template",
      "updateStrategy",
      "persistentVolumeClaimRetentionPolicy",
    ];
    const rest = (spec: JsonObject) =>
      Object.fromEntries(
        Object.entries(spec).filter(
          ([key]) => ![...free, "minReadySeconds", "revisionHistoryLimit"].includes(key),
        ),
      );
    if (!equal(rest(objectAt(object, "spec")), rest(objectAt(old, "spec")))) {
      const rule =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
      causes.push({ reason: "FieldValueForbidden", message: `Forbidden: ${rule}`, field: "spec" });
    }
  }
  if (object.kind === "Service" && old.kind === "Service" && textAt(old, "spec", "clusterIP") !== "") {
    if (changed("spec", "clusterIP") && get(object, "spec", "type") !== "ExternalName") {
      causes.push(
        invalidValue("spec.clusterIPs[0]", get(object, "spec", "clusterIPs"), "may not change once set"),
      );
    }
  }
  if ((object.kind === "ConfigMap" || object.kind === "Secret") && old.immutable === true) {
    if (changed("data") || changed("binaryData") || object.immutable !== true) {
      causes.push({
        reason: "FieldValueForbidden",
        message: "Forbidden: field is immutable when `immutable` is set",
        field: "data",
      });
    }
  }
  if (object.kind === "Secret") fixed("type");
  return causes;
}

function shown(value: Json | undefined): Json | undefined {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
}
