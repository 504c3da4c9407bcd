/**
 * Parts of an image reference `<registry host>/<path>:<tag>[@<digest>]`. Pure.
 * @throws Error when there is no host or no path
 */
export function parseImage(image: string): { host: string; path: string; tag: string | null } {
  const match = /^([^/]+)\/([^:@]+)(?::([^@/]+))?(?:@.+)?$/.exec(image);
  const [, host, path, tag] = match ?? [];
  if (!host || !path) throw new Error(`not an image reference with a registry: ${image}`);
  return { host, path, tag: tag ?? null };
}

/** `<registry host>/<path>@<digest>`: what is deployed. */
export function pinnedImage(image: string, digest: string): string {
  const { host, path } = parseImage(image);
  return `${host}/${path}@${digest}`;
}
