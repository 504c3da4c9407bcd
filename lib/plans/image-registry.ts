import type { Tx } from "#lib/db.ts";
import { parseImage } from "./image-name.ts";

type RegistryRow = { id: string; url: string };

/** The registry whose host a reference begins with; the preferred one of several. Pure. */
function byHost(registries: readonly RegistryRow[], image: string, preferred: string): string {
  const { host } = parseImage(image);
  const there = registries.filter(({ url }) => new URL(url).host === host);
  return (there.find(({ id }) => id === preferred) ?? there[0])?.id ?? preferred;
}

/**
 * The registry that an image is in: where a release order's images go into an environment with a registry of its own it
 * is not the component's.
 * @param component's registry, which is asked where the host is nobody's
 */
export async function registryOfImage(tx: Tx, image: string, component: string): Promise<string> {
  return byHost(await tx.registry.findMany({ select: { id: true, url: true } }), image, component);
}

/** The same for images of a project's components; undefined for a component that is gone from the catalog. */
export async function imageRegistries(
  tx: Tx,
  projectId: string,
): Promise<(component: string, image: string) => string | undefined> {
  const [components, registries] = await Promise.all([
    tx.component.findMany({ where: { projectId }, select: { key: true, registryId: true } }),
    tx.registry.findMany({ select: { id: true, url: true } }),
  ]);
  return (key, image) => {
    const own = components.find((one) => one.key === key)?.registryId;
    return own === undefined ? undefined : byHost(registries, image, own);
  };
}
