import { parseImage } from "#lib/plans/image-name.ts";

/** The registry of an environment; `host` with the port, as image references begin with it. */
export type OwnRegistry = { id: string; key: string; host: string };

/** The host that references of a registry's images begin with. */
export const registryHost = (url: string): string => new URL(url).host;

/**
 * What an image is called where it is deployed from: repository and tag are kept, the registry is the environment's own.
 * Without one it stays where it was pushed. Pure.
 */
export function promotedImage(image: string, registry: Pick<OwnRegistry, "host"> | null): string {
  if (!registry) return image;
  const { path, tag } = parseImage(image);
  return `${registry.host}/${path}${tag === null ? "" : `:${tag}`}`;
}

/** Whether an image has to be copied before it is deployed from `registry`. Pure. */
export const needsCopy = (image: string, registry: Pick<OwnRegistry, "host">): boolean =>
  parseImage(image).host !== registry.host;
