import { ApiError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import { clone, isObject } from "../json.ts";
import type { ManagedFieldsEntry } from "../objects.ts";
import type { Type } from "../schema.ts";
import { childType, zeroValue } from "../schema.ts";
import { addConfigured, compare, isSame } from "./compare.ts";
import type { Path } from "./fieldset.ts";
import {
  difference,
  emptySet,
  intersection,
  isEmpty,
  paths,
  removeTree,
  showPath,
  touches,
  union,
} from "./fieldset.ts";
import type { Manager, ManagerId } from "./managers.ts";
import { decodeManagers, encodeManagers, sameManager, showManager, stripUnowned } from "./managers.ts";
import { merge, removePath } from "./merge.ts";

export interface Applied {
  object: JsonObject;
  managedFields: ManagedFieldsEntry[];
}

/** What an operation may not own: status through the main resource, spec through `status`. */
function resetFields(subresource: string): string[] {
  return subresource === "status" ? ["spec"] : ["status"];
}

/**
 * Server-side apply of a configuration onto the live object (undefined: it is created).
 * Answers the merged object, not yet defaulted, and the new managedFields.
 * Throws the 409 that lists the owners of fields which would change, unless forced.
 */
export function applyConfiguration(
  live: JsonObject | undefined,
  configuration: JsonObject,
  type: Type,
  owner: ManagerId,
  options: { force: boolean; time: string },
): Applied {
  const config = clone(configuration);
  for (const name of resetFields(owner.subresource)) delete config[name];
  // A copy: dropping fields below works in place, and a refused apply must leave the stored object alone.
  const before = live ? clone(live) : {};
  const { managedFields, ...liveBody } = isObject(before.metadata) ? before.metadata : {};
  let managers = decodeManagers(readEntries(managedFields));
  if (live && managers.length === 0) managers = [firstOwner(live, type, owner)];

  const former = managers.find((manager) => sameManager(manager, owner));
  const fields = emptySet();
  addConfigured(fields, [], config, type);
  stripUnowned(fields);
  const others = managers.filter((manager) => manager !== former);

  const start: JsonObject = { ...before, metadata: liveBody };
  const merged = merge(start, config, type);
  if (!isObject(merged)) throw new Error("an object merged with an object is an object");
  if (former) prune(merged, difference(former.fields, fields), [...others, { ...former, fields }], type);

  const change = compare(live ? start : zeroValue(type), merged, type);
  const taken = union(change.added, change.modified);
  if (!options.force) refuseConflicts(others, taken);
  const kept = others.map((manager) => ({
    ...manager,
    fields: difference(difference(manager.fields, taken), change.removed),
  }));
  const time = !live || !isSame(change) ? options.time : former?.time;
  return { object: merged, managedFields: encodeManagers([...kept, { ...owner, time, fields }]) };
}

function prune(
  merged: JsonObject,
  dropped: ReturnType<typeof emptySet>,
  owners: Manager[],
  type: Type,
): void {
  const isOwned = (path: Path) => owners.some((owner) => touches(owner.fields, path));
  for (const path of paths(dropped)) {
    const gone = namedParents(path, type).find((parent) => !isOwned(parent)) ?? path;
    if (!isOwned(gone)) removePath(merged, gone, type);
  }
}

/** The declared fields on the way to a path, from above: one that nobody owns any more goes with its defaults. */
function namedParents(path: Path, type: Type): Path[] {
  const parents: Path[] = [];
  // Annotations that conversion adds (a DaemonSet's generation) come back after each write.
  if (path[0] === "f:metadata") return parents;
  let here: Type | undefined = type;
  for (const [index, element] of path.entries()) {
    if (here?.kind === "list") here = here.element;
    else {
      if (here?.kind === "struct" && index > 0) parents.push(path.slice(0, index + 1));
      here = here && childType(here, element.slice(2));
    }
  }
  return parents;
}

function refuseConflicts(others: Manager[], taken: ReturnType<typeof emptySet>): void {
  const conflicts: { manager: Manager; path: Path }[] = [];
  for (const manager of others) {
    for (const path of paths(intersection(manager.fields, taken))) conflicts.push({ manager, path });
  }
  const [first] = conflicts;
  if (!first) return;
  conflicts.sort((a, b) => showManager(a.manager).localeCompare(showManager(b.manager)));
  const causes = conflicts.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${showManager(manager)}`,
    field: showPath(path),
  }));
  throw new ApiError(409, "Conflict", conflictMessage(conflicts), { causes });
}

function conflictMessage(conflicts: { manager: Manager; path: Path }[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${showManager(first.manager)}: ${showPath(first.path)}`;
  }
  const lines: string[] = [];
  let last = "";
  for (const { manager, path } of conflicts) {
    const name = showManager(manager);
    if (name !== last) lines.push(`conflicts with ${name}:`);
    last = name;
    lines.push(`- ${showPath(path)}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

/** The owner of everything that was there before anyone applied. */
function firstOwner(live: JsonObject, type: Type, owner: ManagerId): Manager {
  const fields = compare(zeroValue(type), live, type);
  const all = union(fields.added, fields.modified);
  stripUnowned(all);
  removeTree(all, ["f:status"]);
  return {
    manager: "before-first-apply",
    operation: "Update",
    apiVersion: owner.apiVersion,
    subresource: "",
    time: undefined,
    fields: all,
  };
}

/**
 * The managedFields after a plain write (create, PUT, the other patches): what the writer added or changed is now
 * theirs alone, what went is nobody's. An existing object that nobody tracks stays untracked.
 */
export function trackUpdate(
  live: JsonObject | undefined,
  next: JsonObject,
  type: Type,
  owner: ManagerId,
  time: string,
): ManagedFieldsEntry[] {
  const meta = isObject(live?.metadata) ? live.metadata : {};
  const managers = decodeManagers(readEntries(meta.managedFields));
  if (live && managers.length === 0) return [];
  const change = compare(live ?? zeroValue(type), next, type);
  const taken = union(change.added, change.modified);
  stripUnowned(taken);
  for (const name of resetFields(owner.subresource)) removeTree(taken, [`f:${name}`]);
  const former = managers.find((manager) => sameManager(manager, owner));
  const kept = managers
    .filter((manager) => manager !== former)
    .map((manager) => ({
      ...manager,
      fields: difference(difference(manager.fields, taken), change.removed),
    }));
  const mine = union(former ? difference(former.fields, change.removed) : emptySet(), taken);
  const moved = !isEmpty(taken);
  return encodeManagers([...kept, { ...owner, time: moved ? time : former?.time, fields: mine }]);
}

function readEntries(value: Json | undefined): ManagedFieldsEntry[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isEntry);
}

function isEntry(value: Json): value is ManagedFieldsEntry {
  return isObject(value) && typeof value.manager === "string" && isObject(value.fieldsV1);
}
