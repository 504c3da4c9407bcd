import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runHttp } from "./http.ts";
import { gitHost, type Remote } from "./remote.ts";
import { runGit } from "./run.ts";

const CONNECT_SECONDS = 15;

/**
 * Runs git against a remote with what reaches it. A private key is a file for as long as git runs, in a folder that
 * nobody else may open: ssh takes keys from files alone.
 * @throws AdapterError as runGit
 */
export async function runRemote(
  remote: Remote,
  args: string[],
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<string> {
  const run = { args, what: remote.label, ...options };
  if (remote.http) return runHttp(remote, run);
  const env = { GIT_ALLOW_PROTOCOL: remote.protocol };
  const host = remote.protocol === "ssh" ? gitHost(remote.url) : null;
  if (host !== null) await remote.admit?.(`ssh://${host}`);
  if (!remote.ssh) return runGit({ ...run, env });
  const folder = await mkdtemp(join(tmpdir(), "refract-ssh-"));
  try {
    await chmod(folder, 0o700);
    const [key, knownHosts] = [join(folder, "key"), join(folder, "known_hosts")];
    await writeFile(key, lines(remote.ssh.privateKey), { mode: 0o600 });
    await writeFile(knownHosts, lines(remote.ssh.knownHosts), { mode: 0o600 });
    return await runGit({ ...run, env: { ...env, GIT_SSH_COMMAND: sshCommand(key, knownHosts) } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What people paste ends in many ways; ssh wants a line break. */
const lines = (text: string) => `${text.replaceAll("\r\n", "\n").trim()}\n`;

/** Only this key, only these hosts: neither the machine's settings nor an agent have a say. */
function sshCommand(key: string, knownHosts: string): string {
  const settings = {
    BatchMode: "yes",
    ConnectTimeout: CONNECT_SECONDS,
    ControlMaster: "no",
    ControlPath: "none",
    ForwardAgent: "no",
    GlobalKnownHostsFile: "/dev/null",
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    IdentityFile: key,
    PasswordAuthentication: "no",
    StrictHostKeyChecking: "yes",
    UpdateHostKeys: "no",
    UserKnownHostsFile: knownHosts,
  };
  // Quoted for the shell that git starts; ssh parts the paths of UserKnownHostsFile at spaces, hence the inner quotes.
  const words = Object.entries(settings).map(([name, value]) => `-o '${name}="${value}"'`);
  return ["ssh -F none", ...words].join(" ");
}
