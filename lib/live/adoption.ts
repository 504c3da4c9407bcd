import { parseQuantity, resourceProblems } from "#lib/components/config-quantity.ts";
import { MOST_REPLICAS, type Size } from "#lib/components/config-schema.ts";
import type { LiveTargetDto } from "./schema.ts";

type Drift = LiveTargetDto["drift"][number];
/** A drifted field that a config could hold, with the value's name there. */
export type Candidate = { drift: Drift; name: Size; value: string };

const RESOURCE =
  /^\.spec\.template\.spec\.containers\[name=[^\]]+\]\.resources\.(requests|limits)\.(cpu|memory)$/;
const RESOURCES: Readonly<Record<string, Exclude<Size, "replicas">>> = {
  "requests.cpu": "cpuRequest",
  "limits.cpu": "cpuLimit",
  "requests.memory": "memoryRequest",
  "limits.memory": "memoryLimit",
};
const SCALED = /^(Deployment|StatefulSet) /;

/**
 * A drifted field as a value of the component's config, by its place and its shape alone: whether the config is where
 * the field comes from is another question. Null for everything else, and for values that a config would refuse. Pure.
 */
export function candidateOf(drift: Drift): Candidate | null {
  if (drift.kind !== "changed") return null;
  const { object, field, actual: value } = drift;
  if (field === ".spec.replicas") {
    const fits = /^\d{1,2}$/.test(value) && Number(value) <= MOST_REPLICAS;
    return SCALED.test(object) && fits ? { drift, name: "replicas", value } : null;
  }
  const [, part, what] = RESOURCE.exec(field) ?? [];
  const name = RESOURCES[`${part}.${what}`];
  return name && isQuantity(name, value) ? { drift, name, value } : null;
}

function isQuantity(name: Exclude<Size, "replicas">, value: string): boolean {
  const fine = { cpuRequest: "1m", cpuLimit: "999", memoryRequest: "1Mi", memoryLimit: "999Ti" };
  return resourceProblems({ ...fine, [name]: value }).length === 0;
}

/** Whether two texts say the same number: `0.5` and `500m`. Pure. */
export function sameQuantity(a: string, b: string): boolean {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  return a === b || (left !== null && left === right);
}

/** The field as plans name it: keys of lists in quotes. Pure. */
export const plannedName = (field: string): string =>
  field.replace(/\[name=([^\]]+)\]/g, (_, name: string) => `[name=${JSON.stringify(name)}]`);
