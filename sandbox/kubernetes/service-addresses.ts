import { isObject, numberAt, objectsAt, setDefault, textAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { kinds } from "./resources.ts";
import type { Store } from "./store.ts";

/** Gives a Service its cluster address and node ports (in place); an existing one keeps what it has. */
export function prepareService(store: Store, service: KubeObject, live?: KubeObject): void {
  const spec = isObject(service.spec) ? service.spec : {};
  if (!isObject(service.status) || service.status.loadBalancer === undefined) {
    service.status = { loadBalancer: {} };
  }
  if (spec.type === "ExternalName") return;
  setDefault(spec, "ipFamilies", ["IPv4"]);
  setDefault(spec, "ipFamilyPolicy", "SingleStack");
  if (textAt(spec, "clusterIP") === "") {
    const kept = textAt(live, "spec", "clusterIP");
    spec.clusterIP = kept === "" ? freeAddress(store) : kept;
  }
  spec.clusterIPs = [textAt(spec, "clusterIP")];
  if (spec.type !== "NodePort" && spec.type !== "LoadBalancer") return;
  const old = objectsAt(live, "spec", "ports");
  for (const port of objectsAt(spec, "ports")) {
    if (port.nodePort !== undefined) continue;
    const same = old.find((other) => other.port === port.port && other.protocol === port.protocol);
    port.nodePort = numberAt(same, "nodePort") ?? freeNodePort(store, spec);
  }
}

function freeAddress(store: Store): string {
  const used = new Set(store.list(kinds.services).map((service) => textAt(service, "spec", "clusterIP")));
  for (let index = 10; index < 65_000; index += 1) {
    const address = `10.96.${index >> 8}.${index & 255}`;
    if (!used.has(address)) return address;
  }
  throw new Error("no service address is left");
}

function freeNodePort(store: Store, spec: KubeObject["spec"]): number {
  const ports = [...store.list(kinds.services).flatMap((service) => objectsAt(service, "spec", "ports"))];
  const used = new Set([...ports, ...objectsAt(spec, "ports")].map((port) => numberAt(port, "nodePort")));
  let port = 30_000;
  while (used.has(port)) port += 1;
  return port;
}
