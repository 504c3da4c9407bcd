import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { ROOT } from "../prisma/cli.ts";
import { cleanEnvironment, startChild, untilReady } from "./child.ts";
import type { Kept, ServiceName } from "./kept.ts";
import type { Options } from "./options.ts";
import { MARK } from "./ours.ts";
import type { Supervisor } from "./supervisor.ts";

/** Addresses of the systems that the portal works with, sandbox servers or real ones. */
export type Systems = {
  jenkins: { url: string; user: string; token: string; job: string };
  registryUrl: string;
  /** Images are copied here before they run in an environment that has a registry of its own. */
  productionRegistryUrl: string;
  /** The account of the sandbox's registries, which are Harbors. */
  robot: { name: string; secret: string };
  gitUrl: string;
  kubeconfigs: string[];
};

const Ready = z.object({ url: z.url(), kubeconfig: z.string().optional() });

function readyLine(output: string): z.infer<typeof Ready> | undefined {
  for (const line of output.split("\n")) {
    if (!line.startsWith("{")) continue;
    try {
      const parsed = Ready.safeParse(JSON.parse(line));
      if (parsed.success) return parsed.data;
    } catch {
      // Half a line: the rest is still being written.
    }
  }
  return undefined;
}

/** Starts the sandbox servers that no real server stands in for, together, and answers all addresses. */
export async function startSystems(
  options: Options,
  kept: Kept & { ports: Record<ServiceName, number> },
  supervisor: Supervisor,
): Promise<Systems> {
  async function serve(name: ServiceName, folder: string, env: Record<string, string> = {}) {
    const dataDir = join(options.dir, name);
    await mkdir(dataDir, { recursive: true });
    const start = async () => {
      const child = await startChild({
        args: [join(ROOT, "sandbox", folder, "main.ts")],
        env: cleanEnvironment({
          ...env,
          [MARK]: options.dir,
          PORT: String(kept.ports[name]),
          DATA_DIR: dataDir,
        }),
        logFile: join(options.dir, "logs", `${name}.log`),
      });
      ready = await untilReady(name, child, async (output) => readyLine(output));
      return child;
    };
    let ready: z.infer<typeof Ready> = { url: "" };
    await supervisor.keep(name, start);
    return ready;
  }

  async function serveCluster(name: "kubernetes" | "kubernetes-2", cluster: string): Promise<string> {
    const { kubeconfig } = await serve(name, "kubernetes", {
      CLUSTER_NAME: cluster,
      ADMIN_TOKEN: kept.clusterToken,
    });
    if (kubeconfig === undefined) throw new Error(`${name} printed no kubeconfig`);
    return resolve(ROOT, kubeconfig);
  }

  const job = options.jenkinsJob;
  const sandboxJenkins = async () => {
    const account = { user: "refract", token: kept.jenkinsToken };
    const env = {
      JENKINS_USER: account.user,
      JENKINS_TOKEN: account.token,
      JENKINS_JOB: job,
      JENKINS_EXECUTORS: String(options.jenkinsExecutors),
      JENKINS_SIGNING_KEY: kept.signingKey,
      JENKINS_JOB_KIND: "pipeline",
    };
    return { ...(await serve("jenkins", "jenkins", env)), ...account };
  };
  const clusters = () =>
    Promise.all([serveCluster("kubernetes", "east"), serveCluster("kubernetes-2", "west")]);
  const robot = { name: "robot$refract", secret: kept.harborSecret };
  const harbor = { HARBOR_ROBOT: robot.name, HARBOR_SECRET: robot.secret };
  const given = options.kubeconfig;
  const [jenkins, registryUrl, productionRegistryUrl, gitUrl, kubeconfigs] = await Promise.all([
    options.jenkins ?? sandboxJenkins(),
    options.registryUrl ?? serve("registry", "registry", harbor).then(({ url }) => url),
    serve("registry-2", "registry", harbor).then(({ url }) => url),
    options.gitUrl ?? serve("git", "git").then(({ url }) => url),
    given === undefined ? clusters() : [given],
  ]);
  const { url, user, token } = jenkins;
  return {
    jenkins: { url, user, token, job },
    registryUrl,
    productionRegistryUrl,
    robot,
    gitUrl,
    kubeconfigs,
  };
}
