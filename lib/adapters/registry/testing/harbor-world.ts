import { installed } from "#sandbox/registry/packages.ts";
import { pushImage } from "#sandbox/registry/push.ts";

/** An image with one layer: what Debian would list as installed, and a name that makes it differ from others. */
export function pushPackages(
  place: { registryUrl: string; repository: string; tag: string },
  packages: Record<string, string>,
): Promise<string> {
  const files = { ...installed(packages), "app/name": `${place.repository} ${place.tag}` };
  return pushImage(place, { files, config: {} });
}

/** One of each severity that the scanner of the sandbox knows, critical twice. */
export const VULNERABLE = {
  libexpat1: "2.5.0-1",
  libssl3: "3.0.13-1~deb12u1",
  libgnutls30: "3.7.9-2",
  coreutils: "9.1-1",
  tzdata: "2026b-0",
};
export const CLEAN = { libexpat1: "2.5.0-1+deb12u2", libssl3: "3.0.17-1~deb12u2" };
