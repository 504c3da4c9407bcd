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
    addProxy,
    /** A place with a planned release order; `start` deploys it. */
    async planned(input: { targets?: number } = {}) {
      const { proxy, key, clusterId } = await addProxy();
      const component = {
        key: "api",
        template: WEB_TEMPLATE,
        variables: { GREETING: "hello" },
        secrets: { DB_PASSWORD: "hunter2" },
      };
      const place = await makePlace(engine, { components: [component], clusterId, ...input });
      const number = await place.release();
      const { digest } = await place.plan(number);
      proxy.requests.length = 0;
      return { proxy, cluster: key, place, number, start: () => place.start(digest) };
    },
    close: () => Promise.all(proxies.map((proxy) => proxy.close())),
  };
}
