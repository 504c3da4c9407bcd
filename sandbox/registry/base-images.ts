import { hasImage, type ImageContent, pushImage } from "./push.ts";

interface BaseImage extends ImageContent {
  repository: string;
  tag: string;
}

function baseImage(runtime: string, tag: string, env: string[]): BaseImage {
  const about = { runtime, version: tag, layer: "business-base", maintainedBy: "platform@refract.example" };
  return {
    repository: `base/${runtime}`,
    tag,
    files: { "etc/refract-base.json": `${JSON.stringify(about, null, 2)}\n` },
    config: {
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TZ=Asia/Shanghai", ...env],
      WorkingDir: "/app",
      Labels: {
        "org.opencontainers.image.title": `base/${runtime}`,
        "org.opencontainers.image.version": tag,
      },
    },
  };
}

/** The business base images (the middle layer of three) that the demo repositories are built on. */
const BASE_IMAGES: readonly BaseImage[] = [
  baseImage("node", "24", ["NODE_ENV=production"]),
  baseImage("python", "3", ["PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1"]),
  baseImage("static", "1", ["NODE_ENV=production"]),
];

/**
 * Pushes the base images that the registry lacks and returns the references it pushed, e.g. `base/node:24`.
 * `registryUrl` is `http(s)://host[:port]`. Throws when the registry refuses or cannot be reached.
 */
export async function seedBaseImages(
  registryUrl: string,
  credentials?: { user: string; password: string },
): Promise<string[]> {
  const pushed: string[] = [];
  for (const { repository, tag, ...content } of BASE_IMAGES) {
    const target = { registryUrl, repository, tag, credentials };
    if (await hasImage(target)) continue;
    await pushImage(target, content);
    pushed.push(`${repository}:${tag}`);
  }
  return pushed;
}
