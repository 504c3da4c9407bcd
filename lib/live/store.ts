import type { Manifest, ObjectRef, WatchEvent } from "#lib/adapters/ports.ts";

export type Kind = { apiVersion: string; kind: string };
export const kindKey = ({ apiVersion, kind }: Kind): string => `${apiVersion} ${kind}`;

/** The objects of one target, as its watches have told so far. An object that changed is another object in memory. */
export class LiveStore {
  readonly #kinds = new Map<string, Map<string, Manifest>>();

  /** After a list: what it does not name is gone. An object of the same version stays the one that it was. */
  replace(kind: Kind, items: readonly Manifest[]): void {
    const before = this.#kinds.get(kindKey(kind));
    const after = new Map<string, Manifest>();
    for (const item of items) {
      const known = before?.get(item.metadata.name);
      after.set(item.metadata.name, known && sameVersion(known, item) ? known : lean(item));
    }
    this.#kinds.set(kindKey(kind), after);
  }

  /** @returns whether anything changed */
  take(kind: Kind, event: Exclude<WatchEvent, { type: "bookmark" }>): boolean {
    const objects = this.#kinds.get(kindKey(kind)) ?? new Map<string, Manifest>();
    this.#kinds.set(kindKey(kind), objects);
    const { name } = event.object.metadata;
    if (event.type === "deleted") return objects.delete(name);
    const known = objects.get(name);
    if (known && sameVersion(known, event.object)) return false;
    objects.set(name, lean(event.object));
    return true;
  }

  /** Nothing is known of a kind any more. */
  forget(kind: Kind): void {
    this.#kinds.delete(kindKey(kind));
  }

  all(kind: Kind): Manifest[] {
    return [...(this.#kinds.get(kindKey(kind))?.values() ?? [])];
  }

  /** `undefined` while the kind has not been listed; null when there is no such object. */
  find({ name, ...kind }: ObjectRef): Manifest | null | undefined {
    const objects = this.#kinds.get(kindKey(kind));
    return objects ? (objects.get(name) ?? null) : undefined;
  }
}

const sameVersion = (a: Manifest, b: Manifest): boolean =>
  a.metadata.resourceVersion !== undefined &&
  a.metadata.resourceVersion === b.metadata.resourceVersion &&
  a.metadata.uid === b.metadata.uid;

/** Who owns a field matters where drift is told; there are many more of these, and nobody deploys them by hand. */
const WITHOUT_OWNERS: readonly string[] = ["Pod", "ReplicaSet", "Event"];
function lean(object: Manifest): Manifest {
  if (!WITHOUT_OWNERS.includes(object.kind)) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: undefined } };
}
