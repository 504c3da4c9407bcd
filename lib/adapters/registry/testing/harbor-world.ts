import { pushImage } from "#sandbox/registry/push.ts";

/** An image with one layer: what Alpine would list as installed, and a name that makes it differ from others. */
export function pushPackages(
  place: { registryUrl: string; repository: string; tag: string },
  packages: Record<string, string>,
): Promise<string> {
  const installed = Object.entries(packages).map(([name, version]) => `P:${name}\nV:${version}\n`);
  const files = {
    "lib/apk/db/installed": installed.join("\n"),
    "app/name": `${place.repository} ${place.tag}`,
  };
  return pushImage(place, { files, config: {} });
}

/** One of each severity that the scanner of the sandbox knows, critical twice. */
export const VULNERABLE = {
  libexpat: "2.6.2-r0",
  libssl3: "3.3.1-r0",
  busybox: "1.36.1-r15",
  musl: "1.2.5-r0",
};
export const CLEAN = { libexpat: "2.7.0-r0", libssl3: "3.3.4-r0", busybox: "1.37.0-r20" };
