import { execFileSync, spawnSync } from "node:child_process";

/** The account that PostgreSQL runs as: `{}` is the caller's own. */
export type Account = { uid?: number; gid?: number };

function idOf(flag: "-u" | "-g"): number | undefined {
  const answer = spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  return answer.status === 0 ? Number(answer.stdout.trim()) : undefined;
}

/**
 * PostgreSQL refuses to run as root: there it runs as the user `postgres`, who is created when missing.
 * Throws when the user cannot be created.
 */
export function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  if (idOf("-u") === undefined) {
    spawnSync("groupadd", ["--system", "postgres"]);
    execFileSync("useradd", ["--system", "--no-create-home", "-g", "postgres", "postgres"]);
  }
  const uid = idOf("-u");
  const gid = idOf("-g");
  if (uid === undefined || gid === undefined)
    throw new Error("PostgreSQL needs a user `postgres` when run by root");
  return { uid, gid };
}

/** Whether the account can enter (a folder) or run (a file) this path; asked of the system, not computed. */
export function canReach(account: Account, path: string): boolean {
  const options = { ...account, cwd: "/" };
  return spawnSync("test", ["-r", path, "-a", "-x", path], options).status === 0;
}
