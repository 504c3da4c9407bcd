import { join, resolve } from "node:path";
import { z } from "zod";
import { ROOT } from "../prisma/cli.ts";

const port = z.coerce.number().int().min(1).max(65535);
// Empty means unset: `DEMO_GIT_URL= npm run demo` is a demo of its own.
const text = z.string().transform((value) => value || undefined);

const Environment = z.object({
  PORT: port.default(3000),
  POSTGRES_PORT: port.optional(),
  JENKINS_PORT: port.optional(),
  REGISTRY_PORT: port.optional(),
  GIT_PORT: port.optional(),
  KUBERNETES_PORT: port.optional(),
  DEMO_DIR: text.optional(),
  DEMO_DATABASE_URL: text.optional(),
  DEMO_KUBECONFIG: text.optional(),
  DEMO_JENKINS_URL: text.optional(),
  DEMO_JENKINS_USER: text.optional(),
  DEMO_JENKINS_TOKEN: text.optional(),
  DEMO_JENKINS_JOB: text.optional(),
  DEMO_JENKINS_EXECUTORS: z.coerce.number().int().min(1).default(2),
  DEMO_REGISTRY_URL: text.optional(),
  DEMO_GIT_URL: text.optional(),
  DEMO_HISTORY: z.enum(["", "0", "1"]).default("0"),
});

/** What the caller asked for. Real servers stand in for embedded ones where they are set. */
export type Options = {
  port: number;
  ports: Partial<Record<"postgres" | "jenkins" | "registry" | "git" | "kubernetes", number>>;
  dir: string;
  reset: boolean;
  databaseUrl: string | undefined;
  kubeconfig: string | undefined;
  jenkins: { url: string; user: string; token: string } | undefined;
  jenkinsJob: string;
  /** Builds that the embedded Jenkins runs at once. */
  jenkinsExecutors: number;
  registryUrl: string | undefined;
  gitUrl: string | undefined;
  /** With a project that has two months of release orders, for the statistics. */
  history: boolean;
};

// The folder of the default demo; others live below it, so that two can run from one clone.
const DEFAULT_DIR = join(ROOT, ".demo");

/**
 * Reads options from arguments and environment variables.
 * Errors: an unknown argument, a port that is none, a Jenkins without user and token.
 */
export function readOptions(args: readonly string[], source: Record<string, string | undefined>): Options {
  const unknown = args.find((argument) => argument !== "--reset");
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. Usage: npm run demo [-- --reset]`);
  const parsed = Environment.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    throw new Error(`A setting is wrong:\n${lines.join("\n")}`);
  }
  const env = parsed.data;
  const { DEMO_JENKINS_URL: url, DEMO_JENKINS_USER: user, DEMO_JENKINS_TOKEN: token } = env;
  if (url !== undefined && (user === undefined || token === undefined)) {
    throw new Error("DEMO_JENKINS_URL needs DEMO_JENKINS_USER and DEMO_JENKINS_TOKEN");
  }
  return {
    port: env.PORT,
    ports: {
      postgres: env.POSTGRES_PORT,
      jenkins: env.JENKINS_PORT,
      registry: env.REGISTRY_PORT,
      git: env.GIT_PORT,
      kubernetes: env.KUBERNETES_PORT,
    },
    dir: resolve(env.DEMO_DIR ?? (env.PORT === 3000 ? DEFAULT_DIR : join(DEFAULT_DIR, `port-${env.PORT}`))),
    reset: args.includes("--reset"),
    databaseUrl: env.DEMO_DATABASE_URL,
    kubeconfig: env.DEMO_KUBECONFIG && resolve(env.DEMO_KUBECONFIG),
    jenkins: url && user && token ? { url, user, token } : undefined,
    jenkinsJob: env.DEMO_JENKINS_JOB ?? "refract-build",
    jenkinsExecutors: env.DEMO_JENKINS_EXECUTORS,
    registryUrl: env.DEMO_REGISTRY_URL,
    gitUrl: env.DEMO_GIT_URL,
    history: env.DEMO_HISTORY === "1",
  };
}

/** Where `state.json` is also put while no default demo runs, so that the one demo there is can be found. */
export const DEFAULT_STATE_FILE = join(DEFAULT_DIR, "state.json");
