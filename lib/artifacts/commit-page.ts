/**
 * The page of a commit on its Git host, or null where the host has no pages that are known. Pure.
 * @param host how the host of this address is registered
 * @param gitUrl `https://host/group/name.git`, `ssh://git@host/group/name.git` or `git@host:group/name.git`
 */
export function commitPage(host: { kind: string } | null, gitUrl: string, commit: string): string | null {
  const between = { gitlab: "/-/commit/", gitea: "/commit/", github: "/commit/" }[host?.kind ?? ""];
  const place = placeOf(gitUrl);
  if (between === undefined || place === null || commit === "") return null;
  return `${place.origin}/${place.path}${between}${commit}`;
}

/** Host as Git hosts are registered: with the port where it is not the usual one. */
export const gitHostOf = (gitUrl: string): string | null => placeOf(gitUrl)?.host ?? null;

function placeOf(gitUrl: string): { origin: string; host: string; path: string } | null {
  const short = /^[^/@]+@([^/:]+):(?!\/)(.+)$/.exec(gitUrl);
  const address = short ? `ssh://${short[1]}/${short[2]}` : gitUrl;
  if (!URL.canParse(address)) return null;
  const { protocol, host, hostname, pathname } = new URL(address);
  const path = pathname.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  if (path === "" || host === "") return null;
  // Whoever serves Git over SSH has the pages on the usual port.
  const web = protocol === "http:" || protocol === "https:";
  return { origin: web ? `${protocol}//${host}` : `https://${hostname}`, host, path };
}
