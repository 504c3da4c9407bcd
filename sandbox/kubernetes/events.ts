import type { JsonObject } from "./json.ts";
import { clone, numberAt, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { now } from "./objects.ts";
import type { Registry } from "./registry.ts";
import { kinds } from "./resources.ts";

interface Happening {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  /** The part of a pod it is about: `spec.containers{app}`. */
  fieldPath?: string;
}

const KEEP_MS = 3_600_000;

/** Writes Events about objects; the same again within the hour counts up instead of adding another. */
export class EventRecorder {
  private readonly registry: Registry;
  private readonly source: JsonObject & { component: string };
  private readonly known = new Map<string, { namespace: string; name: string }>();
  private serial = 0;

  constructor(registry: Registry, component: string, host?: string) {
    this.registry = registry;
    this.source = host === undefined ? { component } : { component, host };
  }

  record(about: KubeObject, happening: Happening): void {
    const namespace = about.metadata.namespace ?? "default";
    if (this.registry.store.get(kinds.namespaces, "", namespace)?.metadata.deletionTimestamp) return;
    const key = [about.metadata.uid, happening.reason, happening.message, happening.fieldPath].join("\n");
    const earlier = this.known.get(key);
    const event = earlier && this.registry.store.get(kinds.events, namespace, earlier.name);
    if (event) {
      const next = clone(event);
      next.count = (numberAt(event, "count") ?? 1) + 1;
      next.lastTimestamp = now();
      this.registry.store.put(kinds.events, next);
      return;
    }
    this.serial += 1;
    const suffix = (BigInt(Date.now()) * 1_000_000n + BigInt(this.serial % 1_000_000)).toString(16);
    const name = `${about.metadata.name}.${suffix}`;
    this.known.set(key, { namespace, name });
    const { fieldPath } = happening;
    this.create(namespace, name, {
      involvedObject: {
        kind: about.kind,
        namespace,
        name: about.metadata.name,
        uid: about.metadata.uid ?? "",
        apiVersion: about.apiVersion,
        resourceVersion: about.metadata.resourceVersion ?? "",
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      reason: happening.reason,
      message: happening.message,
      ...(this.source.component === "default-scheduler" ? this.scheduled() : this.counted()),
      type: happening.type,
    });
  }

  /** The scheduler writes events of the newer kind: an eventTime, no counts. */
  private scheduled(): JsonObject {
    return {
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: new Date().toISOString().replace("Z", "000Z"),
      action: "Binding",
      reportingComponent: this.source.component,
      reportingInstance: `${this.source.component}-sandbox`,
    };
  }

  private counted(): JsonObject {
    return {
      source: this.source,
      firstTimestamp: now(),
      lastTimestamp: now(),
      count: 1,
      eventTime: null,
      reportingComponent: this.source.component,
      reportingInstance: typeof this.source.host === "string" ? this.source.host : "",
    };
  }

  private create(namespace: string, name: string, body: JsonObject): void {
    const object = { ...body, apiVersion: "v1", kind: "Event", metadata: { name, namespace } };
    try {
      this.registry.create(kinds.events, object, { manager: this.source.component });
    } catch {
      // The namespace went meanwhile: nobody is left to read the event.
    }
  }
}

/** Removes events older than an hour, as the real server's lease does. */
export function expireEvents(registry: Registry): void {
  for (const event of registry.store.list(kinds.events)) {
    const last = textAt(event, "lastTimestamp") || textAt(event, "eventTime");
    if (last !== "" && Date.parse(last) < Date.now() - KEEP_MS) registry.store.remove(kinds.events, event);
  }
}
