import { z } from "zod";
import { startGit } from "./server.ts";

const env = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535).default(0),
    DATA_DIR: z.string().min(1),
    GIT_USER: z.string().optional(),
    GIT_PASSWORD: z.string().optional(),
  })
  .parse(process.env);

const git = await startGit({
  port: env.PORT,
  dataDir: env.DATA_DIR,
  user: env.GIT_USER,
  password: env.GIT_PASSWORD,
});
process.stdout.write(`${JSON.stringify({ url: git.url })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void git.close().finally(() => process.exit(0));
  });
}
