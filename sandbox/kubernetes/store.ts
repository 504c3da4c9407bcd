import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, toJson } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { isKubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";
import { findResource } from "./resources.ts";

export interface Change {
  type: "ADDED" | "MODIFIED" | "DELETED";
  revision: number;
  object: KubeObject;
  previous: KubeObject | undefined;
}

type Listener = (resource: Resource, change: Change) => void;

/** How many changes per resource a watch may reach back. */
const KEEP = 4000;
/** After this many journal lines the journal is rewritten with the live objects only. */
const REWRITE = 20_000;

interface Shelf {
  objects: Map<string, KubeObject>;
  history: Change[];
  /** Watches and exact lists from before this revision are refused. */
  floor: number;
}

/**
 * All objects, with one revision counter and a short history for watches. Every write is appended to a journal
 * before it is answered, so a killed server comes back with what it confirmed. Stored objects are never changed in
 * place: a write puts a new one.
 */
export class Store {
  revision = 100;
  private readonly shelves = new Map<string, Shelf>();
  private readonly listeners = new Set<Listener>();
  private readonly file: string;
  private lines = 0;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.file = join(dataDir, "objects.jsonl");
    if (existsSync(this.file)) this.load();
    for (const shelf of this.shelves.values()) shelf.floor = this.revision;
  }

  private load(): void {
    for (const line of readFileSync(this.file, "utf8").split("\n")) {
      // A server that was killed while it wrote leaves half a line at the end; it was never confirmed.
      if (!line.endsWith("}")) continue;
      const entry = toJson(JSON.parse(line));
      if (!isObject(entry) || typeof entry.resource !== "string" || typeof entry.key !== "string") continue;
      const [apiVersion = "", name = ""] = entry.resource.split(" ");
      const resource = findResource(apiVersion, name);
      if (typeof entry.revision === "number") this.revision = Math.max(this.revision, entry.revision);
      if (!resource) continue;
      const shelf = this.shelf(resource);
      if (isKubeObject(entry.object)) shelf.objects.set(entry.key, entry.object);
      else shelf.objects.delete(entry.key);
    }
    this.rewrite();
  }

  private rewrite(): void {
    const lines: string[] = [];
    for (const [resource, shelf] of this.shelves) {
      for (const [key, object] of shelf.objects) {
        lines.push(JSON.stringify({ resource, key, revision: this.revision, object }));
      }
    }
    writeFileSync(`${this.file}.new`, `${lines.join("\n")}\n`);
    renameSync(`${this.file}.new`, this.file);
    this.lines = lines.length;
  }

  private shelf(resource: Resource): Shelf {
    const name = `${resource.apiVersion} ${resource.name}`;
    let shelf = this.shelves.get(name);
    if (!shelf) {
      shelf = { objects: new Map(), history: [], floor: this.revision };
      this.shelves.set(name, shelf);
    }
    return shelf;
  }

  get(resource: Resource, namespace: string, name: string): KubeObject | undefined {
    return this.shelf(resource).objects.get(`${namespace}/${name}`);
  }

  /** Objects in key order (namespace, then name); all namespaces when none is named. */
  list(resource: Resource, namespace = ""): KubeObject[] {
    return sorted(this.shelf(resource).objects, namespace);
  }

  /** The list as it was at a revision; undefined when that lies before what is remembered. */
  listAt(resource: Resource, namespace: string, revision: number): KubeObject[] | undefined {
    const shelf = this.shelf(resource);
    if (revision >= this.revision) return this.list(resource, namespace);
    if (revision < shelf.floor) return undefined;
    const objects = new Map(shelf.objects);
    for (const change of shelf.history.toReversed()) {
      if (change.revision <= revision) break;
      const key = keyOf(change.object);
      if (change.previous) objects.set(key, change.previous);
      else objects.delete(key);
    }
    return sorted(objects, namespace);
  }

  /** Changes after a revision, or the oldest revision still known when it lies too far back. */
  since(resource: Resource, revision: number): { changes: Change[] } | { oldest: number } {
    const shelf = this.shelf(resource);
    if (revision < shelf.floor) return { oldest: shelf.floor };
    return { changes: shelf.history.filter((change) => change.revision > revision) };
  }

  /** Stores the object under its name with the next revision, and answers it as stored. */
  put(resource: Resource, object: KubeObject): KubeObject {
    const previous = this.get(resource, object.metadata.namespace ?? "", object.metadata.name);
    const stored = this.stamped(object);
    this.record(resource, {
      type: previous ? "MODIFIED" : "ADDED",
      revision: this.revision,
      object: stored,
      previous,
    });
    return stored;
  }

  /** Takes the object away; answers its last state, stamped with the revision of the deletion. */
  remove(resource: Resource, object: KubeObject): KubeObject {
    const stored = this.stamped(object);
    this.record(resource, { type: "DELETED", revision: this.revision, object: stored, previous: object });
    return stored;
  }

  private stamped(object: KubeObject): KubeObject {
    this.revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.revision) } };
  }

  private record(resource: Resource, change: Change): void {
    const shelf = this.shelf(resource);
    const key = keyOf(change.object);
    const gone = change.type === "DELETED";
    const line = { resource: `${resource.apiVersion} ${resource.name}`, key, revision: change.revision };
    appendFileSync(this.file, `${JSON.stringify(gone ? line : { ...line, object: change.object })}\n`);
    this.lines += 1;
    if (gone) shelf.objects.delete(key);
    else shelf.objects.set(key, change.object);
    shelf.history.push(change);
    if (shelf.history.length > KEEP) {
      const [oldest] = shelf.history.splice(0, KEEP / 4).slice(-1);
      shelf.floor = oldest?.revision ?? shelf.floor;
    }
    if (this.lines > REWRITE) this.rewrite();
    for (const listener of this.listeners) listener(resource, change);
  }

  /** Calls back after every write, in order; answers how to stop. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

function sorted(objects: Map<string, KubeObject>, namespace: string): KubeObject[] {
  const prefix = `${namespace}/`;
  const keys = [...objects.keys()].filter((key) => namespace === "" || key.startsWith(prefix)).sort();
  return keys.flatMap((key) => objects.get(key) ?? []);
}
