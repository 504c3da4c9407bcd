import { type PushTarget, pushImage } from "./push.ts";

/** Where an image without a package manager lists what it has, one file a package. */
export const PACKAGES_FOLDER = "var/lib/dpkg/status.d/";

/** Files of a layer that say these packages of Debian are installed, by name and version. */
export function installed(packages: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(packages).map(([name, version]) => [
      `${PACKAGES_FOLDER}${name}`,
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
    ]),
  );
}

/** Name and version of such a file; undefined for one that says something else. */
export function readPackage(text: string): { name: string; version: string } | undefined {
  const name = /^Package: (.+)$/m.exec(text)?.[1];
  const version = /^Version: (.+)$/m.exec(text)?.[1];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** An image with one layer: what Debian would list as installed, and a name that makes it differ from others. */
export function pushPackages(place: PushTarget, packages: Record<string, string>): Promise<string> {
  const files = { ...installed(packages), "app/name": `${place.repository} ${place.tag}` };
  return pushImage(place, { files, config: {} });
}
