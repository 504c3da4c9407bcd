import { z } from "zod";
import { parseNetworks } from "./connections/networks.ts";

function networks(variable: string) {
  return z.string().superRefine((value, context) => {
    try {
      parseNetworks(value, variable);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    }
  });
}

const schema = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: "a PostgreSQL URL, postgresql://user:password@host/database",
  }),
  ENCRYPTION_KEY: z
    .string({ error: "32 random bytes in base64: openssl rand -base64 32" })
    .refine((value) => Buffer.from(value, "base64").length === 32, {
      error: "32 random bytes in base64: openssl rand -base64 32",
    }),
  NEXTAUTH_URL: z.url({ error: "the address people open, e.g. https://refract.example.com" }),
  NEXTAUTH_SECRET: z.string({ error: "a random text of 32 characters or more" }).min(32, {
    error: "a random text of 32 characters or more",
  }),
  /** Bare mirrors of Git repositories; may be emptied at any time. */
  CACHE_DIR: z.string().min(1).default("/tmp/refract-cache"),
  /** Where clusters may be; see parseNetworks. */
  REFRACT_CLUSTER_NETWORKS: networks("REFRACT_CLUSTER_NETWORKS").default("default"),
  /** Where Git hosts, build servers and registries may be; empty: `default`, and where clusters may be. */
  REFRACT_SERVER_NETWORKS: networks("REFRACT_SERVER_NETWORKS").default(""),
  DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(10),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug"]).default("info"),
});
export type Env = z.infer<typeof schema>;

/**
 * Parses settings from environment variables.
 * @throws Error whose message has one line per wrong variable, naming it.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Refract cannot start, a setting is missing or wrong:\n${lines.join("\n")}`);
}

let parsed: Env | undefined;

/** The settings, parsed at first use: `next build` imports modules on machines that have none. */
export const env: Env = new Proxy({} as Env, {
  get(_target, name: keyof Env) {
    parsed ??= parseEnv(process.env);
    return parsed[name];
  },
});

/** Called first by every process: prints what is wrong and ends it. */
export function checkEnvOrExit(): void {
  try {
    parsed = parseEnv(process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
