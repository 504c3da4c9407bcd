import { gitHost, gitPath } from "#lib/adapters/git/remote.ts";

const bare = (path: string) => path.replace(/\.git$/i, "").toLowerCase();
const nameOf = (host: string) => host.replace(/:\d+$/, "");

/**
 * Whether a component's Git address is the repository that a push was about: on the sending host, whichever port or
 * protocol leads there, and of the same path.
 * @param told what the push said: the repository's full name and its own addresses
 */
export function isRepository(
  gitUrl: string,
  host: string,
  told: { repository: string; addresses: readonly string[] },
): boolean {
  const path = gitPath(gitUrl);
  const on = gitHost(gitUrl);
  if (path === null || on === null || nameOf(on) !== nameOf(host)) return false;
  // With a path of its own before it, the server's addresses say more than the full name does.
  const paths = [told.repository, ...told.addresses.flatMap((address) => gitPath(address) ?? [])];
  return paths.some((one) => one !== "" && bare(one) === bare(path));
}
