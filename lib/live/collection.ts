import type { Cluster, Manifest, WatchEvent } from "#lib/adapters/ports.ts";
import { backOffMs, pause } from "./back-off.ts";
import type { Kind } from "./store.ts";

/** The answer to a list may be long, but not this long. */
const LIST_MS = 10_000;
/** A watch that ends sooner than this is asked again with a pause: the server may have nothing better to say. */
const SHORT_MS = 1_000;

type Change = Exclude<WatchEvent, { type: "bookmark" }>;
export type CollectionInput = {
  client: Cluster;
  kind: Kind;
  namespace: string;
  labelSelector: string | undefined;
  signal: AbortSignal;
  onList: (items: Manifest[]) => void;
  onEvent: (event: Change) => void;
  /** A watch begins, or has ended: by the server's own clock, or because the connection broke. */
  onWatch: (open: boolean) => void;
  /** Every failure; after one, what was told before says nothing any more until the next list. */
  onDown: (error: unknown) => void;
};

/**
 * Lists objects of one kind and watches them from there until the signal aborts: goes on from the last version when the
 * server ends the watch, lists again when that version is forgotten (410) or anything failed.
 */
export async function followCollection(input: CollectionInput): Promise<void> {
  const { client, namespace, labelSelector, signal, onList, onEvent, onWatch, onDown } = input;
  const kind = { ...input.kind, namespace };
  let version: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (version === null) {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]);
        const listed = await client.list(kind, { labelSelector, signal: limit });
        if (signal.aborted) return;
        version = listed.resourceVersion;
        onList(listed.items);
      }
      const began = performance.now();
      const onWatched = (event: WatchEvent) => {
        if (signal.aborted) return;
        version = versionOf(event) ?? version;
        if (event.type !== "bookmark") onEvent(event);
      };
      onWatch(true);
      const { ended } = await client.watch(
        kind,
        { resourceVersion: version, labelSelector, onEvent: onWatched },
        { signal },
      );
      if (signal.aborted) return;
      onWatch(false);
      if (ended === "expired") version = null;
      failures = performance.now() - began < SHORT_MS ? failures + 1 : 0;
    } catch (error) {
      if (signal.aborted) return;
      version = null;
      failures += 1;
      onDown(error);
    }
    if (failures > 0) await pause(backOffMs(failures), signal);
  }
}

function versionOf(event: WatchEvent): string | null {
  if (event.type === "bookmark") return event.resourceVersion;
  const { resourceVersion } = event.object.metadata;
  return typeof resourceVersion === "string" ? resourceVersion : null;
}
