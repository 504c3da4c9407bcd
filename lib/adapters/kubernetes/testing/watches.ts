import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { WatchEvent } from "../../ports.ts";
import { manifestsOf } from "./manifests.ts";
import { failureOf, type World } from "./world.ts";

const told = (event: WatchEvent): string =>
  event.type === "bookmark" ? "bookmark" : `${event.type} ${event.object.kind} ${event.object.metadata.name}`;

/** Watches: what they tell, and how they end. */
export function watchCases(world: World): void {
  const { cluster, applied, connect, ask } = world;
  const { configMap, ref, kind } = manifestsOf(world);
  const maps = kind("ConfigMap");
  const nothing = { onEvent: () => {} };

  /** Watches from now on until `until` says that enough was seen; `deeds` are done meanwhile. */
  async function watched(
    labelSelector: string,
    until: (event: WatchEvent) => boolean,
    deeds: () => Promise<unknown>,
  ) {
    const { resourceVersion } = await cluster.list(maps);
    const events: WatchEvent[] = [];
    const giveUp = new AbortController();
    const onEvent = (event: WatchEvent) => {
      events.push(event);
      if (until(event)) giveUp.abort();
    };
    const watching = cluster.watch(
      maps,
      { resourceVersion, labelSelector, onEvent },
      { signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(120_000)]) },
    );
    await deeds();
    const { ended } = await watching;
    return { events: events.filter(({ type }) => type !== "bookmark"), ended };
  }
  const deleted = ({ type }: WatchEvent) => type === "deleted";

  describe("watch", () => {
    test("tells changes after the list, and ends when the caller gives up", async () => {
      const { events, ended } = await watched("watched=yes", deleted, async () => {
        await applied(configMap("unseen", {}));
        await applied(configMap("seen", { a: "1" }, { watched: "yes" }));
        await applied(configMap("seen", { a: "2" }, { watched: "yes" }));
        await applied(configMap("seen", { a: "2" }, { watched: "yes" }));
        await cluster.remove(ref("ConfigMap", "seen"));
      });
      expect(ended).toBe("aborted");
      expect(events.map(told)).toEqual([
        "added ConfigMap seen",
        "modified ConfigMap seen",
        "deleted ConfigMap seen",
      ]);
    });

    test("tells what was missed since the version it starts at", async () => {
      const { resourceVersion } = await cluster.list(maps);
      for (const a of ["1", "2"]) await applied(configMap("missed", { a }, { crowd: "missed" }));
      const events: WatchEvent[] = [];
      const giveUp = new AbortController();
      const onEvent = (event: WatchEvent) => {
        if (event.type === "bookmark") return;
        events.push(event);
        if (events.length === 2) giveUp.abort();
      };
      const input = { resourceVersion, labelSelector: "crowd=missed", onEvent };
      await cluster.watch(maps, input, { signal: giveUp.signal });
      expect(events).toMatchObject([
        { type: "added", object: { data: { a: "1" } } },
        { type: "modified", object: { data: { a: "2" } } },
      ]);
    });

    test("an object that leaves the selector is deleted for the watcher, with what it last was", async () => {
      await applied(configMap("leaver", { a: "1" }, { crowd: "in" }));
      const { events } = await watched("crowd=in", deleted, () =>
        applied(configMap("leaver", { a: "2" }, { crowd: "out" })),
      );
      expect(events).toMatchObject([{ type: "deleted", object: { metadata: { name: "leaver" } } }]);
    });

    test("an object that comes into the selector is added", async () => {
      await applied(configMap("joiner", {}, { crowd: "away" }));
      const { events } = await watched(
        "crowd=here",
        ({ type }) => type === "added",
        () => applied(configMap("joiner", {}, { crowd: "here" })),
      );
      expect(events.map(told)).toEqual(["added ConfigMap joiner"]);
    });

    test("a deletion carries a version to go on from", async () => {
      await applied(configMap("last", {}, { crowd: "last" }));
      const { events } = await watched("crowd=last", deleted, () => cluster.remove(ref("ConfigMap", "last")));
      const [event] = events;
      const version = event && event.type !== "bookmark" ? event.object.metadata.resourceVersion : "";
      const { resourceVersion } = await cluster.list(maps);
      expect(Number(version)).toBeGreaterThan(0);
      expect(Number(version)).toBeLessThanOrEqual(Number(resourceVersion));
    });

    test("an object that is held back is changed first and deleted later", async () => {
      const held = configMap("held", {}, { crowd: "held" });
      held.metadata.finalizers = ["refract.example/hold"];
      await applied(held);
      const { events } = await watched("crowd=held", deleted, async () => {
        await cluster.remove(ref("ConfigMap", "held"));
        await applied(configMap("held", {}, { crowd: "held" }));
      });
      expect(events.map(({ type }) => type)).toEqual(["modified", "deleted"]);
      expect(events[0]).toMatchObject({ object: { metadata: { deletionTimestamp: expect.any(String) } } });
    });

    test("bookmarks come before the server ends it", async () => {
      const { resourceVersion } = await cluster.list(maps);
      const events: WatchEvent[] = [];
      const onEvent = (event: WatchEvent) => events.push(event);
      const input = { resourceVersion, labelSelector: "nobody=here", onEvent };
      // Two seconds before the end, if the server finds the time; a busy one lets a short watch go without.
      for (const watchSeconds of [4, 8, 16]) {
        if (events.length > 0) break;
        // A server that sees nothing of a kind meanwhile may have no newer version to tell.
        const watching = connect({ watchSeconds }).watch(maps, input);
        let ended = false;
        const end = () => {
          ended = true;
        };
        watching.then(end, end);
        for (let count = 0; !ended; count += 1) {
          await applied(configMap("elsewhere", { count: String(count) }));
          await Promise.race([watching, delay(200)]);
        }
        expect(await watching).toEqual({ ended: "server" });
      }
      expect(events.length).toBeGreaterThan(0);
      expect(events.every(({ type }) => type === "bookmark")).toBe(true);
      const last = events.at(-1);
      expect(last?.type === "bookmark" && Number(last.resourceVersion)).toBeGreaterThanOrEqual(
        Number(resourceVersion),
      );
    });

    test("a version that is too old: expired, to be listed again", async () => {
      expect(await cluster.watch(maps, { resourceVersion: "1", ...nothing })).toEqual({ ended: "expired" });
    });

    test("the same on the wire: an ERROR event inside a 200", async () => {
      const path = `/api/v1/namespaces/${world.namespace}/configmaps`;
      const query = { watch: 1, resourceVersion: 1, timeoutSeconds: 3 };
      expect(await ask({ method: "GET", path, query })).toMatchObject({
        status: 200,
        body: { type: "ERROR", object: { kind: "Status", reason: "Expired", code: 410 } },
      });
    });

    test("a version from the future: silence, and the server's own end", async () => {
      const events: WatchEvent[] = [];
      const onEvent = (event: WatchEvent) => events.push(event);
      const watching = connect({ watchSeconds: 1 }).watch(maps, { resourceVersion: "999999999999", onEvent });
      await applied(configMap("unheard", {}));
      expect(await watching).toEqual({ ended: "server" });
      expect(events.filter(({ type }) => type !== "bookmark")).toEqual([]);
    });

    test("a version that is no number", async () => {
      const call = connect({ timeoutMs: 300 }).watch(maps, { resourceVersion: "abc", ...nothing });
      expect(await failureOf(call)).toMatchObject({ status: 500 });
    });

    test("of a missing namespace is as silent as an empty one", async () => {
      const lost = kind("ConfigMap", `${world.namespace}-no`);
      const { resourceVersion } = await cluster.list(lost);
      const watching = connect({ watchSeconds: 1 }).watch(lost, { resourceVersion, ...nothing });
      expect(await watching).toEqual({ ended: "server" });
    });

    test("a connection that breaks ends it like the server; nothing is lost from there on", async () => {
      const losing = await world.startLosing(world.kubeconfig);
      try {
        const through = connect({ kubeconfig: losing.kubeconfig });
        const { resourceVersion } = await through.list(maps);
        const seen: string[] = [];
        const onEvent = (event: WatchEvent) => {
          seen.push(told(event));
          void losing.close();
        };
        const labelSelector = "crowd=broken";
        const watching = through.watch(maps, { resourceVersion, labelSelector, onEvent });
        await applied(configMap("before", {}, { crowd: "broken" }));
        expect(await watching).toEqual({ ended: "server" });
        await applied(configMap("between", {}, { crowd: "broken" }));
        const { items } = await cluster.list(maps, { labelSelector });
        expect(items.map(({ metadata }) => metadata.name)).toEqual(["before", "between"]);
        expect(seen).toEqual(["added ConfigMap before"]);
      } finally {
        await losing.close();
      }
    });
  });
}
