import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { startKubernetes } from "./server.ts";

const environment = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535),
    DATA_DIR: z.string().min(1),
    CLUSTER_NAME: z.string().min(1),
    ADMIN_TOKEN: z.string().min(1),
    RESTRICTED_TOKEN: z.string().min(1).optional(),
  })
  .parse(process.env);

mkdirSync(environment.DATA_DIR, { recursive: true });
const cluster = await startKubernetes({
  port: environment.PORT,
  dataDir: environment.DATA_DIR,
  name: environment.CLUSTER_NAME,
  adminToken: environment.ADMIN_TOKEN,
  ...(environment.RESTRICTED_TOKEN ? { restrictedToken: environment.RESTRICTED_TOKEN } : {}),
});
const kubeconfig = join(environment.DATA_DIR, "kubeconfig.yaml");
writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
process.stdout.write(`${JSON.stringify({ url: cluster.url, kubeconfig })}\n`);

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void cluster.close().then(() => process.exit(0));
  });
}
