import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { makeWorld, type World } from "#lib/deployments/testing/world.ts";
import { EventStream } from "#lib/http/event-stream.ts";
import { type FaultProxy, startFaultProxy } from "#sandbox/faults/proxy.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getLive } from "./queries.ts";
import {
  type LivePatch,
  type LivePlaceDto,
  type LiveTargetDto,
  livePatchSchema,
  livePlaceSchema,
} from "./schema.ts";
import { pauseWorkload, scaleWorkload } from "./service.ts";
import { openLiveStream } from "./stream.ts";
import { applyPatch } from "./target-state.ts";

await testDatabase();
let world: World;
const proxies: FaultProxy[] = [];
const fat = { project: "shop", environment: "FAT" };
const namespace = "shop-fat";
const labels = {
  "app.kubernetes.io/part-of": "shop",
  "refract.dev/environment": "FAT",
  "app.kubernetes.io/name": "api",
};
const deployment = (name: string, replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace, labels },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { ...labels, app: name } },
      spec: { containers: [{ name: "app", image: "127.0.0.1:1/none:1" }] },
    },
  },
});

beforeAll(async () => {
  world = await makeWorld({ clusters: 2 });
  for (const [index, key] of ["cluster-1", "cluster-2"].entries()) {
    const proxy = await startFaultProxy(world.kubernetes[index]?.kubeconfig ?? "");
    proxies.push(proxy);
    const { id } = await db.cluster.findUniqueOrThrow({ where: { key } });
    const credentialEncrypted = encryptSecret(proxy.kubeconfig, secretContext.cluster(id));
    await db.cluster.update({ where: { id }, data: { credentialEncrypted } });
    await world.cluster(index).createNamespace(namespace, {});
  }
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.close();
  await world?.close();
});

/** A reader of the stream, who keeps what they were told as the page does. */
async function reader(actor: Actor) {
  const pipe = new PassThrough();
  const tell = await openLiveStream({ actor, ...fat });
  tell(new EventStream(pipe));
  const targets = new Map<string, LiveTargetDto>();
  const seen = { patches: [] as LivePatch[], places: [] as LivePlaceDto[], closed: false, ended: false };
  const read = async () => {
    let text = "";
    for await (const piece of pipe.setEncoding("utf8")) {
      text += piece;
      const messages = text.split("\n\n");
      text = messages.pop() ?? "";
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (message.startsWith("event: beat")) continue;
        if (message.includes("event: closed")) seen.closed = true;
        else if (message.includes("event: place"))
          seen.places.push(livePlaceSchema.parse(JSON.parse(data ?? "")));
        else if (data !== undefined) {
          const patch = livePatchSchema.parse(JSON.parse(data));
          seen.patches.push(patch);
          const before = targets.get(patch.target);
          if (patch.whole) targets.set(patch.target, patch.view as LiveTargetDto);
          else if (before) targets.set(patch.target, applyPatch(before, patch));
        }
      }
    }
    seen.ended = true;
  };
  const done = read().catch((error) => {
    if (!pipe.destroyed) throw error;
  });
  return { seen, targets, stop: () => pipe.destroy(), done };
}
const until = (check: () => void | Promise<void>, timeout = 30_000) =>
  vi.waitFor(check, { timeout, interval: 25 });
const watchesOn = (index: number) =>
  (proxies[index]?.requests ?? []).filter(({ query }) => query.get("watch") !== null);
const first = `cluster-1/${namespace}`;
const second = `cluster-2/${namespace}`;

describe("the live stream", () => {
  test("a hundred readers cost one watch a kind and namespace, and are all told the same", async () => {
    const ops = await world.actor("ops");
    const readers = await Promise.all(Array.from({ length: 100 }, () => reader(ops)));
    await until(() => {
      for (const { targets } of readers) expect([...targets.keys()].sort()).toEqual([first, second]);
    });
    await world.cluster(0).apply(deployment("api", 1));
    await until(() => {
      for (const { targets } of readers) {
        expect(targets.get(first)?.workloads).toMatchObject([{ name: "api", desired: 1, paused: false }]);
        expect(targets.get(second)?.workloads).toEqual([]);
      }
    });
    for (const index of [0, 1]) {
      const paths = watchesOn(index).map(({ path }) => path);
      expect(paths).toHaveLength(7);
      expect(new Set(paths).size).toBe(7);
    }
    // A read is answered from what is watched.
    const before = proxies[0]?.requests.length;
    expect((await getLive(ops, fat)).targets[0]?.workloads).toHaveLength(1);
    expect(proxies[0]?.requests.filter(({ path }) => path !== "/version").length).toBe(
      proxies[0]?.requests.slice(0, before).filter(({ path }) => path !== "/version").length,
    );
    for (const { stop } of readers) stop();
    await Promise.all(readers.map(({ done }) => done));
  });

  test("one silent cluster is unknown, the other goes on; no answer at all counts as silence", async () => {
    const ops = await world.actor("ops");
    const one = await reader(ops);
    await world.cluster(1).apply(deployment("far", 2));
    await until(() =>
      expect(one.targets.get(second)).toMatchObject({
        state: "known",
        last: null,
        workloads: [{ desired: 2 }],
      }),
    );
    const told = Date.now();
    proxies[1]?.rule(() => ({ silent: true }));
    await until(() => expect(one.targets.get(second)).toMatchObject({ state: "unknown", workloads: [] }));
    // What it told last is there beside it, with the time at which it was true.
    const last = one.targets.get(second)?.last;
    expect(last?.workloads).toMatchObject([{ name: "far", desired: 2 }]);
    expect(Date.parse(last?.at ?? "")).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(last?.at ?? "")).toBeGreaterThan(told - 60_000);
    expect((await getLive(ops, fat)).targets[1]).toMatchObject({ state: "unknown", last });
    await world.cluster(0).apply(deployment("beside", 1));
    await until(() =>
      expect(one.targets.get(first)?.workloads.map(({ name }) => name)).toEqual(["api", "beside"]),
    );
    proxies[1]?.rule(null);
    await until(() => expect(one.targets.get(second)).toMatchObject({ state: "known", last: null }));
    one.stop();
    await one.done;
  });

  test("pause is told, adds no second manager to the next apply, and goes away with the resumption", async () => {
    const ops = await world.actor("ops");
    const one = await reader(ops);
    const workload = { cluster: "cluster-1", kind: "Deployment" as const, name: "api" };
    await expect(
      pauseWorkload({ actor: await world.actor("dev"), ...fat, ...workload, paused: true }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
    await pauseWorkload({ actor: ops, ...fat, ...workload, paused: true });
    const shown = () => one.targets.get(first)?.workloads.find(({ name }) => name === "api");
    await until(() => expect(shown()?.paused).toBe(true));
    const declared = deployment("api", 2);
    expect(
      await world.cluster(0).apply({ ...declared, spec: { ...declared.spec, paused: false } }),
    ).toMatchObject({ ok: true });
    await pauseWorkload({ actor: ops, ...fat, ...workload, paused: true });
    await pauseWorkload({ actor: ops, ...fat, ...workload, paused: false });
    await until(() => expect(shown()).toMatchObject({ paused: false, desired: 2 }));
    const actions = await db.auditEntry.findMany({ where: { subject: "workload" }, orderBy: { seq: "asc" } });
    expect(actions.map(({ action }) => action)).toEqual(["live.pause", "live.pause", "live.resume"]);
    one.stop();
    await one.done;
  });

  test("what an autoscaler scales is not scaled by hand", async () => {
    const ops = await world.actor("ops");
    await world.cluster(0).apply({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "api-load", namespace },
      spec: {
        minReplicas: 2,
        maxReplicas: 4,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
      },
    });
    const workload = { cluster: "cluster-1", kind: "Deployment" as const, name: "api", replicas: 5 };
    await expect(scaleWorkload({ actor: ops, ...fat, ...workload })).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [{ code: "AUTOSCALED", facts: { autoscaler: "api-load", least: 2, most: 4 } }],
    });
    await scaleWorkload({ actor: ops, ...fat, ...workload, name: "beside" });
  });

  test("nobody else hears it; a lost right, a revoked token and a disabled account end it within five seconds", async () => {
    const stranger = await db.user.create({ data: { username: "stranger", displayName: "Stranger" } });
    const outside = await loadActor(stranger.id);
    if (!outside) throw new Error("no stranger");
    await expect(openLiveStream({ actor: outside, ...fat })).rejects.toMatchObject({ code: "NOT_FOUND" });

    const ops = await world.actor("ops");
    const token = await db.apiToken.create({
      data: { userId: ops.id, name: "bench", tokenHash: "not a real one" },
    });
    const [byToken, bySession, dev, tester] = await Promise.all([
      reader({ ...ops, token: token.id }),
      reader(ops),
      reader(await world.actor("dev")),
      reader(await world.actor("tester")),
    ]);
    const closed = async (one: Awaited<ReturnType<typeof reader>>) => {
      await until(() => expect(one.seen).toMatchObject({ closed: true, ended: true }), 5_000);
    };
    expect(bySession.seen.places).toEqual([
      {
        mayOperate: true,
        targets: [
          { cluster: "cluster-1", namespace, wave: 1 },
          { cluster: "cluster-2", namespace, wave: 2 },
        ],
      },
    ]);
    expect(dev.seen.places).toMatchObject([{ mayOperate: false }]);
    await db.apiToken.update({ where: { id: token.id }, data: { revokedAt: new Date() } });
    await closed(byToken);
    await db.membership.deleteMany({ where: { userId: world.people.dev } });
    await closed(dev);
    await db.user.update({ where: { id: world.people.tester }, data: { disabledAt: new Date() } });
    await closed(tester);
    expect(bySession.seen.closed).toBe(false);
    // At once: seen between the two, they would have no right at all.
    await db.$transaction([
      db.membership.deleteMany({ where: { userId: ops.id } }),
      db.membership.create({ data: { userId: ops.id, projectId: world.projectId, role: "developer" } }),
    ]);
    await until(() =>
      expect(bySession.seen.places).toMatchObject([{ mayOperate: true }, { mayOperate: false }]),
    );
    bySession.stop();
    await bySession.done;
  });
});
