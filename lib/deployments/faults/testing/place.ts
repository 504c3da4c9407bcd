import { db } from "#lib/db.ts";
import type { Strategy } from "#lib/strategies/schema.ts";
import { WEB_TEMPLATE } from "#lib/templates/defaults/web.ts";
import { type FaultProxy, startFaultProxy } from "#sandbox/faults/proxy.ts";
import { addCluster, type Engine } from "../../testing/engine.ts";
import { makePlace } from "../../testing/place.ts";

/** Makes projects of the same content, each with a namespace of its own behind a fault proxy of its own. */
export function makeProxiedPlaces(engine: Engine) {
  const proxies: FaultProxy[] = [];
  const addProxy = async () => {
    const proxy = await startFaultProxy(engine.kubeconfig);
    proxies.push(proxy);
    const key = `proxy-${proxies.length}`;
    return { proxy, key, clusterId: await addCluster(key, proxy.kubeconfig) };
  };
  return {
    /**
     * A place with a planned release order, in one or several clusters (all of one wave); `start` deploys it.
     * `proxies[n]` stands before `clusters[n]`. With a strategy an earlier release order runs there already.
     */
    async planned(input: { clusters?: number; strategy?: Strategy } = {}) {
      const behind = await Promise.all(Array.from({ length: input.clusters ?? 1 }, addProxy));
      const [first] = behind;
      if (!first) throw new Error("a place is in a cluster");
      const component = {
        key: "api",
        template: WEB_TEMPLATE,
        variables: { GREETING: "hello" },
        secrets: { DB_PASSWORD: "hunter2" },
      };
      const { clusterId } = first;
      const place = await makePlace(engine, { components: [component], clusterId, targets: behind.length });
      for (const [index, namespace] of place.namespaces.entries()) {
        const data = { wave: 1, clusterId: behind[index]?.clusterId ?? clusterId };
        await db.target.updateMany({ where: { projectId: place.projectId, namespace }, data });
      }
      if (input.strategy) {
        const { strategy } = input;
        await db.componentConfig.updateMany({
          where: { component: { projectId: place.projectId } },
          data: { strategy },
        });
        await place.deploy(await place.release());
      }
      const number = await place.release();
      const { digest } = await place.plan(number);
      for (const { proxy } of behind) proxy.requests.length = 0;
      return {
        proxy: first.proxy,
        proxies: behind.map(({ proxy }) => proxy),
        clusters: behind.map(({ key }) => key),
        place,
        number,
        digest,
        start: () => place.start(digest),
      };
    },
    close: () => Promise.all(proxies.map((proxy) => proxy.close())),
  };
}
