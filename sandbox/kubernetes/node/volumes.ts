import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JsonObject } from "../json.ts";
import { isObject, objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { kinds } from "../resources.ts";
import type { Store } from "../store.ts";
import { entriesOf } from "./environment.ts";
import { inside } from "./layers.ts";

/**
 * The root a container runs in: the image's own, or, where the pod mounts volumes, a copy with the volumes at their
 * places. `home` is the container's directory on the host, `shared` the pod's.
 */
export function rootFor(
  store: Store,
  pod: KubeObject,
  container: JsonObject,
  imageRoot: string,
  home: string,
  shared: string,
): string {
  const volumes = new Map(
    objectsAt(pod, "spec", "volumes").map((volume) => [textAt(volume, "name"), volume]),
  );
  const mounts = objectsAt(container, "volumeMounts").flatMap((mount) => {
    const volume = volumes.get(textAt(mount, "name"));
    // The service account's token has no use here: nothing in a pod talks to this server.
    return volume && !textAt(volume, "name").startsWith("kube-api-access-") ? [{ mount, volume }] : [];
  });
  if (mounts.length === 0) return imageRoot;
  const root = join(home, "rootfs");
  rmSync(root, { recursive: true, force: true });
  cpSync(imageRoot, root, { recursive: true, verbatimSymlinks: true });
  for (const { mount, volume } of mounts) {
    const source = join(shared, "volumes", textAt(volume, "name"));
    fill(store, pod, volume, source);
    const subPath = textAt(mount, "subPath");
    const target = inside(root, textAt(mount, "mountPath"));
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    const from = subPath === "" ? source : inside(source, subPath);
    if (subPath !== "" && !existsSync(from)) mkdirSync(from, { recursive: true });
    symlinkSync(from, target);
  }
  return root;
}

/** Writes what a volume holds; directories of emptyDir and the like stay as the pod left them. */
function fill(store: Store, pod: KubeObject, volume: JsonObject, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const sources = isObject(volume.projected) ? objectsAt(volume.projected, "sources") : [volume];
  for (const source of sources) {
    const { configMap, secret } = source;
    const held = isObject(configMap) ? configMap : isObject(secret) ? secret : undefined;
    if (!held) continue;
    const name = textAt(held, "name") || textAt(held, "secretName");
    const resource = held === configMap ? kinds.configmaps : kinds.secrets;
    const entries = entriesOf(store, resource, pod.metadata.namespace ?? "", held, name) ?? {};
    const items = objectsAt(held, "items");
    const files =
      items.length > 0
        ? items.map((item) => [textAt(item, "path"), entries[textAt(item, "key")] ?? ""] as const)
        : Object.entries(entries);
    for (const [path, text] of files) {
      const file = inside(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}
