import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { nextFreePort } from "../ports.ts";
import type { Options } from "./options.ts";

const FILE = "kept.json";
const base64 = (bytes: number) => randomBytes(bytes).toString("base64");
const hex = (bytes: number) => randomBytes(bytes).toString("hex");
const signingKey = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();

// Made once and kept: what is encrypted or addressed with them is in the database.
const Kept = z.object({
  encryptionKey: z.string().default(() => base64(32)),
  sessionSecret: z.string().default(() => base64(32)),
  jenkinsToken: z.string().default(() => hex(17)),
  harborSecret: z.string().default(() => hex(16)),
  clusterToken: z.string().default(() => hex(16)),
  /** What the sandbox's build server signs images with: PKCS #8, PEM. */
  signingKey: z.string().default(signingKey),
  ports: z.record(z.string(), z.number()).default({}),
  // The clusters that were given, so that a reset finds them without being told again.
  kubeconfig: z.string().optional(),
});

/** Secrets and ports of a demo; they stay the same between its starts. */
export type Kept = z.infer<typeof Kept>;

/** Writes a file that only its owner may read, in one step: a reader sees the old or the new one. */
export async function writePrivate(file: string, content: string): Promise<void> {
  await writeFile(`${file}.${process.pid}`, content, { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
}

const SERVICES = [
  "jenkins",
  "registry",
  "registry-2",
  "git",
  "kubernetes",
  "kubernetes-2",
  "postgres",
] as const;
/** Everything of a demo that listens, the portal apart. */
export type ServiceName = (typeof SERVICES)[number];

async function read(dir: string): Promise<Kept> {
  const text = await readFile(join(dir, FILE), "utf8").catch(() => "{}");
  return Kept.parse(JSON.parse(text));
}

/** Path of the kubeconfig that this start or the last one was given; undefined for the sandbox's clusters. */
export async function givenKubeconfig(options: Options): Promise<string | undefined> {
  return options.kubeconfig ?? (await read(options.dir)).kubeconfig;
}

/**
 * Reads what an earlier start kept in the demo's folder, makes what is missing, and settles the ports: the one asked
 * for, else the one kept where it is still free, else the next free one above the portal's.
 */
export async function keep(options: Options): Promise<Kept & { ports: Record<ServiceName, number> }> {
  await mkdir(options.dir, { recursive: true });
  const kept = await read(options.dir);
  const asked: Partial<Record<ServiceName, number>> = { ...options.ports };
  if (asked.kubernetes !== undefined) asked["kubernetes-2"] = asked.kubernetes + 1;

  const taken = new Set([options.port, ...Object.values(asked)]);
  const ports = {
    jenkins: 0,
    registry: 0,
    "registry-2": 0,
    git: 0,
    kubernetes: 0,
    "kubernetes-2": 0,
    postgres: 0,
  };
  for (const name of SERVICES) {
    const old = kept.ports[name];
    const wish =
      old !== undefined && !taken.has(old) ? await nextFreePort(old).catch(() => undefined) : undefined;
    ports[name] =
      asked[name] ??
      (wish === old && wish !== undefined ? wish : await nextFreePort(options.port + 1, taken));
    taken.add(ports[name]);
  }
  const kubeconfig = options.kubeconfig ?? kept.kubeconfig;
  await writePrivate(join(options.dir, FILE), JSON.stringify({ ...kept, kubeconfig, ports }, null, 2));
  return { ...kept, ports };
}
