import { errors } from "./errors.ts";
import type { Json } from "./json.ts";
import { get, listAt, objectsAt, stringsAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";

export type Predicate = (object: KubeObject) => boolean;

interface Requirement {
  key: string;
  operator: "=" | "!=" | "in" | "notin" | "exists" | "!";
  values: string[];
}

/** Parses `a=b,c in (d,e),!f`; throws the 400 of a broken one. */
export function labelSelector(text: string): Predicate {
  const requirements = parse(text);
  return (object) => matches(requirements, object.metadata.labels ?? {});
}

function parse(text: string): Requirement[] {
  const requirements: Requirement[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const set = /^([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)\s*(?:,|$)/.exec(rest);
    const other = /^(!?)\s*([\w./-]+)\s*(?:(==?|!=)\s*([\w.-]*))?\s*(?:,|$)/.exec(rest);
    if (set) {
      const [all, key = "", operator, values = ""] = set;
      requirements.push({
        key,
        operator: operator === "in" ? "in" : "notin",
        values: values.split(",").map((value) => value.trim()),
      });
      rest = rest.slice(all.length).trim();
    } else if (other) {
      const [all, not, key = "", operator, value = ""] = other;
      if (operator) requirements.push({ key, operator: operator === "!=" ? "!=" : "=", values: [value] });
      else requirements.push({ key, operator: not === "!" ? "!" : "exists", values: [] });
      rest = rest.slice(all.length).trim();
    } else throw errors.badRequest(problem(rest));
  }
  return requirements;
}

function problem(rest: string): string {
  if (/\s(in|notin)\s*\($/.test(rest)) {
    return "unable to parse requirement: found '', expected: ',', ')' or identifier";
  }
  const token = /[^\w./\s-]+/.exec(rest)?.[0] ?? rest;
  return `unable to parse requirement: found '${token}', expected: identifier`;
}

function matches(requirements: Requirement[], labels: Record<string, string>): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === "exists") return value !== undefined;
    if (operator === "!") return value === undefined;
    const listed = value !== undefined && values.includes(value);
    return operator === "=" || operator === "in" ? listed : !listed;
  });
}

/** A selector of the LabelSelector type (matchLabels, matchExpressions), or of a plain label map. */
export function objectSelector(selector: Json | undefined): (labels: Record<string, string>) => boolean {
  const wanted = Object.entries(stringsAt(selector, "matchLabels"));
  const requirements: Requirement[] = wanted.map(([key, value]) => ({ key, operator: "=", values: [value] }));
  for (const expression of objectsAt(selector, "matchExpressions")) {
    const values = listAt(expression, "values").filter((value) => typeof value === "string");
    const operators = { In: "in", NotIn: "notin", Exists: "exists", DoesNotExist: "!" } as const;
    const name = textAt(expression, "operator");
    const operator =
      name === "In" || name === "NotIn" || name === "Exists" ? operators[name] : operators.DoesNotExist;
    requirements.push({ key: textAt(expression, "key"), operator, values });
  }
  return (labels) => matches(requirements, labels);
}

/** A selector as the scale subresource shows it: `a=b,c in (d)`. */
export function showSelector(selector: Json | undefined): string {
  const parts = Object.entries(stringsAt(selector, "matchLabels")).map(([key, value]) => `${key}=${value}`);
  for (const expression of objectsAt(selector, "matchExpressions")) {
    const operator = textAt(expression, "operator").toLowerCase();
    const key = textAt(expression, "key");
    if (operator === "exists") parts.push(key);
    else if (operator === "doesnotexist") parts.push(`!${key}`);
    else parts.push(`${key} ${operator} (${listAt(expression, "values").join(",")})`);
  }
  return parts.sort().join(",");
}

const EVENT_FIELDS = [
  "involvedObject.kind",
  "involvedObject.namespace",
  "involvedObject.name",
  "involvedObject.uid",
  "involvedObject.apiVersion",
  "involvedObject.resourceVersion",
  "involvedObject.fieldPath",
  "reason",
  "reportingComponent",
  "source",
  "type",
];
const FIELDS: Record<string, string[]> = {
  events: EVENT_FIELDS,
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  nodes: ["spec.unschedulable"],
  namespaces: ["status.phase"],
  secrets: ["type"],
  services: ["spec.clusterIP", "spec.type"],
  replicasets: ["status.replicas"],
  jobs: ["status.successful"],
};

/** Parses `metadata.name=a,status.phase!=Failed`; only the fields the real server indexes are known. */
export function fieldSelector(text: string, resource: Resource): Predicate {
  const terms = text.split(",").filter((term) => term.trim() !== "");
  const known = ["metadata.name", "metadata.namespace", ...(FIELDS[resource.name] ?? [])];
  const checks = terms.map((term) => {
    const match = /^\s*([^=!]+?)\s*(==?|!=)\s*(.*?)\s*$/.exec(term);
    if (!match) throw errors.badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = match;
    if (!known.includes(field)) {
      const names = FIELDS[resource.name] === undefined ? ': only "metadata.name", "metadata.namespace"' : "";
      if (names === "") throw errors.badRequest(`field label not supported: ${field}`);
      throw errors.badRequest(`"${field}" is not a known field selector${names}`);
    }
    const path = field === "source" ? ["source", "component"] : field.split(".");
    return (object: KubeObject) => {
      const found = get(object, ...path);
      const shown = found === undefined || found === null ? "" : String(found);
      return (operator === "!=") !== (shown === value);
    };
  });
  return (object) => checks.every((check) => check(object));
}
