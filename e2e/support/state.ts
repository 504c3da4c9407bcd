import { readFileSync } from "node:fs";
import { z } from "zod";

const schema = z.object({
  url: z.url(),
  accounts: z.array(z.object({ username: z.string(), password: z.string(), roles: z.array(z.string()) })),
  tokens: z.record(z.string(), z.string()),
  jenkins: z.object({ url: z.string(), user: z.string(), token: z.string(), job: z.string() }),
  kubeconfigs: z.array(z.string()),
  registryUrl: z.string(),
  productionRegistryUrl: z.string().optional(),
  gitUrl: z.string(),
  databaseUrl: z.string(),
  pids: z.record(z.string(), z.number()),
});
export type PortalState = z.infer<typeof schema>;

/** What the running portal wrote about itself; read afresh, because its processes may have been started again. */
export function portalState(): PortalState {
  const file = process.env.E2E_STATE;
  if (!file) throw new Error("E2E_STATE is not set: the global set-up has not run");
  return schema.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function tokenOf(username: string): string {
  const token = portalState().tokens[username];
  if (!token) throw new Error(`no token for ${username}`);
  return token;
}

export function passwordOf(username: string): string {
  const account = portalState().accounts.find((known) => known.username === username);
  if (!account) throw new Error(`no account ${username}`);
  return account.password;
}
