import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pushImage } from "#sandbox/registry/push.ts";

/** What a container does: the words that simulated nodes read in an image's tag, and small programs of the same kind. */
export const BEHAVIOURS = ["fine", "bad", "crash", "oom", "fail", "slow", "notready"] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

const serve = (status: number) => `
createServer((request, response) => {
  response.statusCode = ${status};
  response.end(JSON.stringify({ path: request.url, greeting: process.env.GREETING ?? null }));
}).listen(Number(process.env.PORT), process.env.HOST ?? "0.0.0.0");
console.log("listening");
`;
const PROGRAMS: Readonly<Record<Behaviour, string>> = {
  fine: serve(200),
  bad: serve(200),
  crash: `console.error("FATAL cannot reach the ledger"); process.exit(1);`,
  fail: `console.error("FATAL the ledger refuses"); process.exit(1);`,
  // The kernel's way of ending a program that took too much memory.
  oom: `console.log("reading everything"); setTimeout(() => process.kill(process.pid, "SIGKILL"), 200);`,
  slow: `setTimeout(() => {${serve(200)}}, 15_000);`,
  notready: serve(503),
};

/** Pushes an image whose tag says what it does; answers its digest. `bad` cannot be pulled: its layer is lost. */
export async function pushBehaviour(
  registry: { url: string; dataDir: string },
  image: { repository: string; tag: string; behaviour: Behaviour },
): Promise<string> {
  const { behaviour, ...place } = image;
  const text = [
    `import { createServer } from "node:http";`,
    `process.on("SIGTERM", () => process.exit(0));`,
    `console.log(${JSON.stringify(`${place.repository}:${place.tag}`)});`,
    PROGRAMS[behaviour],
  ].join("\n");
  const content = {
    files: { "app/server.mjs": text },
    config: { Cmd: ["node", "server.mjs"], WorkingDir: "/app" },
  };
  const digest = await pushImage({ registryUrl: registry.url, ...place }, content);
  if (behaviour === "bad") await loseLayers(registry, place.repository, digest);
  return digest;
}

async function loseLayers(registry: { url: string; dataDir: string }, repository: string, digest: string) {
  const answer = await fetch(`${registry.url}/v2/${repository}/manifests/${digest}`, {
    headers: { accept: "application/vnd.oci.image.manifest.v1+json" },
  });
  const { layers }: { layers: { digest: string }[] } = await answer.json();
  for (const layer of layers) await rm(join(registry.dataDir, "blobs", layer.digest.replace("sha256:", "")));
}
