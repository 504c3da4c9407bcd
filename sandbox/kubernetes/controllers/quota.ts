import { usedIn } from "../admission.ts";
import type { JsonObject } from "../json.ts";
import { equal, stringsAt } from "../json.ts";
import { canonicalQuantity } from "../quantity.ts";
import { kinds } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { MANAGER } from "./controller.ts";
import { WorkQueue } from "./queue.ts";

/** Says in every ResourceQuota how much of it is used. Answers how to stop. */
export function runQuotas({ registry }: Tools): () => void {
  const { store } = registry;
  const queue = new WorkQueue("quotas", (key) => {
    const [namespace = "", name = ""] = key.split("/");
    const quota = store.get(kinds.resourcequotas, namespace, name);
    if (!quota) return undefined;
    const hard = stringsAt(quota, "spec", "hard");
    const amounts = usedIn(store, namespace);
    const used = Object.fromEntries(
      Object.keys(hard).map((limit) => [limit, canonicalQuantity(amounts[limit] ?? 0)]),
    );
    const status: JsonObject = { hard, used };
    if (!equal(status, quota.status)) {
      const write = { manager: MANAGER, subresource: "status" };
      registry.update(kinds.resourcequotas, namespace, name, write, (draft) => {
        draft.status = status;
      });
    }
    return undefined;
  });
  const look = (namespace: string) => {
    for (const quota of store.list(kinds.resourcequotas, namespace)) {
      queue.add(`${namespace}/${quota.metadata.name}`);
    }
  };
  for (const quota of store.list(kinds.resourcequotas)) look(quota.metadata.namespace ?? "");
  const unsubscribe = store.subscribe((resource, { object }) => {
    const { namespace } = object.metadata;
    if (resource !== kinds.events && namespace !== undefined) look(namespace);
  });
  return () => {
    unsubscribe();
    queue.stop();
  };
}
