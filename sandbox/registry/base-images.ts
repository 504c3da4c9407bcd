import { installed } from "./packages.ts";
import { hasImage, type ImageContent, pushImage } from "./push.ts";

type Place = { repository: string; tag: string };
type Credentials = { user: string; password: string };

const json = (about: object) => `${JSON.stringify(about, null, 2)}\n`;

/** A public image as its publisher makes it: the system, and in a layer of its own what was patched last. */
const publicImage = (patched: string, packages: Record<string, string>): ImageContent => ({
  below: [{ "etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n' }],
  files: { "etc/refract-patched.json": json({ patched }), ...installed(packages) },
  config: {
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    Labels: { "org.opencontainers.image.title": "debian", "org.opencontainers.image.version": patched },
  },
});

/** Where the public image is; `before` is a version of it that its tag has moved on from. */
export const PUBLIC_BASE = { repository: "public/debian", tag: "12", before: "12-20260601" };
/** What the former version has is known to be vulnerable; a business base that patches nothing keeps it. */
const PATCHED = { libexpat1: "2.5.0-1+deb12u2", libssl3: "3.0.17-1~deb12u2" };
const FORMER = publicImage("2026-06-01", { libexpat1: "2.5.0-1", libssl3: "3.0.13-1~deb12u1" });
const NEWEST = publicImage("2026-09-01", PATCHED);
const layersOf = ({ below = [], files }: ImageContent) => [...below, files];

/** A business base (the middle layer of three), built when the public image's former version was the newest. */
function businessImage(
  runtime: string,
  tag: string,
  env: string[],
  packages: Record<string, string> = {},
): Place & ImageContent {
  const about = { runtime, version: tag, layer: "business-base", maintainedBy: "platform@refract.example" };
  return {
    repository: `base/${runtime}`,
    tag,
    below: layersOf(FORMER),
    files: { "etc/refract-base.json": json(about), ...installed(packages) },
    config: {
      Env: [...(FORMER.config.Env ?? []), "TZ=Asia/Shanghai", ...env],
      WorkingDir: "/app",
      Labels: {
        "org.opencontainers.image.title": `base/${runtime}`,
        "org.opencontainers.image.version": tag,
      },
    },
  };
}

const nodeImage = (packages: Record<string, string>) =>
  businessImage("node", "24", ["NODE_ENV=production"], packages);

/** Pushes another version of `base/node:24`, on the same public image; `mark` is what is new. Returns its digest. */
export function pushNewerNode(registryUrl: string, mark: string): Promise<string> {
  const { repository, tag, ...content } = nodeImage({ ...PATCHED, "platform-tools": mark });
  return pushImage({ registryUrl, repository, tag }, content);
}

const { repository, tag, before } = PUBLIC_BASE;
const IMAGES: readonly (Place & ImageContent)[] = [
  { repository, tag: before, ...FORMER },
  { repository, tag, ...NEWEST },
  nodeImage(PATCHED),
  businessImage("python", "3", ["PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1"]),
  businessImage("static", "1", ["NODE_ENV=production"], { libexpat1: PATCHED.libexpat1 }),
];

/**
 * Pushes the base images that the registry lacks and returns the references it pushed, e.g. `base/node:24`.
 * `registryUrl` is `http(s)://host[:port]`. Throws when the registry refuses or cannot be reached.
 */
export async function seedBaseImages(registryUrl: string, credentials?: Credentials): Promise<string[]> {
  const pushed: string[] = [];
  for (const { repository: path, tag: name, ...content } of IMAGES) {
    const target = { registryUrl, repository: path, tag: name, credentials };
    if (await hasImage(target)) continue;
    await pushImage(target, content);
    pushed.push(`${path}:${name}`);
  }
  return pushed;
}
