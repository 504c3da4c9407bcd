/** An image reference taken apart. */
export interface Reference {
  host: string;
  repository: string;
  /** Tag or digest to ask the registry for. */
  selector: string;
  /** `host/repository`, as imageID starts. */
  name: string;
}

/** Parses `host:port/repo:tag@sha256:…`; undefined for what no registry could understand. */
export function parseReference(image: string): Reference | undefined {
  const match = /^(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image);
  if (!match) return undefined;
  const [, path = "", tag, digest] = match;
  const [first = "", ...rest] = path.split("/");
  const hasHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  const host = hasHost ? first : "docker.io";
  const repository = hasHost ? rest.join("/") : rest.length > 0 ? path : `library/${path}`;
  if (!/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(repository)) return undefined;
  return { host, repository, selector: digest ?? tag ?? "latest", name: `${host}/${repository}` };
}

/** Plain HTTP for loopback registries, HTTPS for all others. */
export function registryUrl(host: string): string {
  const name = host.replace(/:\d+$/, "");
  const loopback =
    name === "localhost" || name.endsWith(".localhost") || /^127\./.test(name) || name === "[::1]";
  return `${loopback ? "http" : "https"}://${host === "docker.io" ? "registry-1.docker.io" : host}`;
}
