import { z } from "zod";
import { startRegistry } from "./server.ts";

const env = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535).default(0),
    DATA_DIR: z.string().min(1),
    REGISTRY_USER: z.string().optional(),
    REGISTRY_PASSWORD: z.string().optional(),
    /** With both, it is a Harbor, whose API lets this robot account change something. */
    HARBOR_ROBOT: z.string().optional(),
    HARBOR_SECRET: z.string().optional(),
  })
  .parse(process.env);

const { HARBOR_ROBOT: name, HARBOR_SECRET: secret } = env;
/** As long as a small image takes: whoever pushed it sees the scan run. */
const SCAN_MS = 3_000;

const registry = await startRegistry({
  port: env.PORT,
  dataDir: env.DATA_DIR,
  user: env.REGISTRY_USER,
  password: env.REGISTRY_PASSWORD,
  ...(name && secret ? { harbor: { robots: [{ name, secret }], scanMs: SCAN_MS } } : {}),
});
process.stdout.write(`${JSON.stringify({ url: registry.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void registry.close().finally(() => process.exit(0));
  });
}
