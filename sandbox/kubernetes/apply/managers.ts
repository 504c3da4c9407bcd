import type { ManagedFieldsEntry } from "../objects.ts";
import type { FieldSet } from "./fieldset.ts";
import { fromFieldsV1, insert, isEmpty, removeTree, toFieldsV1 } from "./fieldset.ts";

export interface ManagerId {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  subresource: string;
}

/** One line of managedFields, decoded. `time` is absent where no change of this manager moved it. */
export interface Manager extends ManagerId {
  time: string | undefined;
  fields: FieldSet;
}

export function sameManager(a: ManagerId, b: ManagerId): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource
  );
}

export function decodeManagers(entries: ManagedFieldsEntry[] | undefined): Manager[] {
  return (entries ?? []).map((entry) => ({
    manager: entry.manager,
    operation: entry.operation === "Apply" ? "Apply" : "Update",
    apiVersion: entry.apiVersion,
    subresource: entry.subresource ?? "",
    time: entry.time,
    fields: fromFieldsV1(entry.fieldsV1),
  }));
}

/** The stored form: applies first, then by time, then by name; managers that own nothing fall away. */
export function encodeManagers(managers: Manager[]): ManagedFieldsEntry[] {
  return managers
    .filter((manager) => !isEmpty(manager.fields))
    .sort((a, b) => order(a).localeCompare(order(b)))
    .map((manager) => ({
      manager: manager.manager,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === undefined ? {} : { time: manager.time }),
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(manager.fields),
      ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
    }));
}

function order(manager: Manager): string {
  return [
    manager.operation,
    manager.time ?? "",
    manager.manager,
    manager.apiVersion,
    manager.subresource,
  ].join("\n");
}

/** How messages name a manager. */
export function showManager(manager: ManagerId): string {
  const subresource = manager.subresource === "" ? "" : ` with subresource "${manager.subresource}"`;
  const using = manager.operation === "Update" || subresource !== "" ? ` using ${manager.apiVersion}` : "";
  return `${JSON.stringify(manager.manager)}${subresource}${using}`;
}

const UNOWNED = [
  "apiVersion",
  "kind",
  "metadata.name",
  "metadata.namespace",
  "metadata.creationTimestamp",
  "metadata.selfLink",
  "metadata.uid",
  "metadata.generation",
  "metadata.managedFields",
  "metadata.resourceVersion",
  "metadata.deletionTimestamp",
  "metadata.deletionGracePeriodSeconds",
];

/** Takes out what no manager owns: identity and bookkeeping (in place). */
export function stripUnowned(set: FieldSet): void {
  for (const dotted of UNOWNED)
    removeTree(
      set,
      dotted.split(".").map((name) => `f:${name}`),
    );
  const meta = set.children.get("f:metadata");
  if (meta) meta.member = false;
}

/** The set of one scalar path, such as spec.replicas. */
export function only(...names: string[]): FieldSet {
  const set: FieldSet = { member: false, children: new Map() };
  insert(
    set,
    names.map((name) => `f:${name}`),
  );
  return set;
}
