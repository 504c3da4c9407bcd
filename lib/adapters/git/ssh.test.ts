import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git } from "#sandbox/git/git.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { createSourceHost } from "./client.ts";

/*
 * With a real sshd where there is one (openssh-server, or the path in SSHD); else with a stand-in for `ssh` itself,
 * which holds the call to what a server would: the key, the known host and the command.
 */

const SSHD = process.env.SSHD ?? "/usr/sbin/sshd";
const hasUser = (name: string) => {
  try {
    execFileSync("id", ["-u", name], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const hasKeygen = existsSync("/usr/bin/ssh-keygen");
// As root it gives its rights to a user of its own.
const isReal = existsSync(SSHD) && hasKeygen && (process.getuid?.() !== 0 || hasUser("sshd"));

let folder: string;
let port: number;
let daemon: ChildProcess | undefined;
let keys: { client: string; other: string; known: string; foreign: string };
const path = process.env.PATH;

beforeAll(async () => {
  process.stdout.write(`Git over SSH is tested with ${isReal ? `the sshd ${SSHD}` : "a stand-in for ssh"}\n`);
  folder = await mkdtemp(join(tmpdir(), "refract-sshd-"));
  await seedRepositories({ dataDir: join(folder, "data") });
  port = await freePort();
  keys = isReal ? await startDaemon() : await putStandIn();
});
afterAll(async () => {
  process.env.PATH = path;
  if (daemon) {
    daemon.kill();
    await once(daemon, "exit");
  }
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

async function keyPair(name: string): Promise<{ secret: string; open: string }> {
  const file = join(folder, name);
  execFileSync("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
  const [secret, open] = await Promise.all([readFile(file, "utf8"), readFile(`${file}.pub`, "utf8")]);
  return { secret, open: open.trim() };
}

async function startDaemon() {
  const [host, client, other, foreign] = await Promise.all(
    ["host", "client", "other", "foreign"].map(keyPair),
  );
  if (!host || !client || !other || !foreign) throw new Error("no keys");
  await writeFile(join(folder, "authorized_keys"), `${client.open}\n`, { mode: 0o600 });
  const settings = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "authorized_keys")}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    // The folder is in one that everybody may write.
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
    // Repositories made by another user are served here on purpose.
    "SetEnv GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*",
  ];
  await writeFile(join(folder, "sshd_config"), `${settings.join("\n")}\n`);
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  daemon = spawn(SSHD, ["-D", "-e", "-f", join(folder, "sshd_config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  daemon.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  for (let round = 0; !said.includes("Server listening"); round += 1) {
    if (round > 300 || daemon.exitCode !== null) throw new Error(`sshd does not listen: ${said}`);
    await delay(50);
  }
  const at = `[127.0.0.1]:${port}`;
  return {
    client: client.secret,
    other: other.secret,
    known: `${at} ${host.open}`,
    foreign: `${at} ${foreign.open}`,
  };
}

/** An `ssh` that looks at what it is given as ssh and a server would, and says what they say. */
const STAND_IN = `#!/usr/bin/env node
const { readFileSync, statSync } = require("node:fs");
const { spawn } = require("node:child_process");
const words = process.argv.slice(2);
const set = {};
for (let at = 0; at < words.length; ) {
  if (words[at] === "-o") {
    const [, name, value] = /^(\\w+)="?(.*?)"?$/.exec(words[at + 1]) ?? [];
    if (name) set[name] = value;
    words.splice(at, 2);
  } else if (words[at] === "-F") words.splice(at, 2);
  else if (words[at] === "-p") set.Port = words.splice(at, 2)[1];
  else at += 1;
}
const fail = (text) => { process.stderr.write(text + "\\n"); process.exit(255); };
const [who, command] = words;
if (set.StrictHostKeyChecking !== "yes" || set.BatchMode !== "yes" || set.IdentityAgent !== "none") fail("not as agreed");
const known = readFileSync(set.UserKnownHostsFile, "utf8");
if (!known.includes("[127.0.0.1]:" + set.Port + " ssh-ed25519 HOST\\n")) fail("Host key verification failed.");
if ((statSync(set.IdentityFile).mode & 0o077) !== 0) fail("UNPROTECTED PRIVATE KEY FILE");
if (!readFileSync(set.IdentityFile, "utf8").includes("CLIENT")) fail(who + ": Permission denied (publickey).");
if (!/^git-upload-pack '[^']+'$/.test(command)) fail("not a command of Git: " + command);
spawn("sh", ["-c", command], { stdio: "inherit" }).on("exit", (code) => process.exit(code ?? 1));
`;

async function putStandIn() {
  const bin = join(folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "ssh"), STAND_IN);
  await chmod(join(bin, "ssh"), 0o755);
  process.env.PATH = [bin, path].join(delimiter);
  const key = (name: string) =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${name}\n-----END OPENSSH PRIVATE KEY-----\n`;
  const at = `[127.0.0.1]:${port}`;
  return {
    client: key("CLIENT"),
    other: key("OTHER"),
    known: `${at} ssh-ed25519 HOST`,
    foreign: `${at} ssh-ed25519 FOREIGN`,
  };
}

const gitUrl = () => `ssh://${userInfo().username}@127.0.0.1:${port}${join(folder, "data", "quote-api.git")}`;
const client = async (privateKey: string, knownHosts: string) =>
  createSourceHost({
    cacheDir: await mkdtemp(join(folder, "cache-")),
    headsWaitMs: 60_000,
    credentials: [{ host: `127.0.0.1:${port}`, privateKey, knownHosts }],
  });
const truth = async (...args: string[]) =>
  (await git(["--git-dir", join(folder, "data/quote-api.git"), ...args])).trim();

describe("Git over SSH", () => {
  test("reads branches, resolves and lists commits with the key that is registered", async () => {
    const host = await client(keys.client, keys.known);
    const { items } = await host.refs({ gitUrl: gitUrl(), kind: "branch" });
    expect(items.find(({ name }) => name === "main")).toMatchObject({
      commit: await truth("rev-parse", "main"),
      head: { subject: await truth("log", "-1", "--format=%s", "main") },
    });
    const all = (await truth("log", "--format=%H", "main")).split("\n");
    const page = await host.commits({ gitUrl: gitUrl(), ref: "main", limit: 3 });
    expect(page.items.map(({ commit }) => commit)).toEqual(all.slice(0, 3));
  });

  test("a key with the line ends of Windows and without a last one works", async () => {
    const host = await client(keys.client.trimEnd().replaceAll("\n", "\r\n"), keys.known);
    expect(await host.resolve({ gitUrl: gitUrl(), ref: "main" })).toMatchObject({
      commit: await truth("rev-parse", "main"),
    });
  });

  test("another key is not let in, and another host not believed", async () => {
    const asked = async (key: string, known: string) =>
      (await client(key, known)).resolve({ gitUrl: gitUrl(), ref: "main" });
    await expect(asked(keys.other, keys.known)).rejects.toMatchObject({
      failure: "unauthorized",
      retryable: false,
    });
    await expect(asked(keys.client, keys.foreign)).rejects.toMatchObject({
      failure: "forbidden",
      retryable: false,
    });
  });

  test("a repository that is not there", async () => {
    const host = await client(keys.client, keys.known);
    const asked = host.resolve({ gitUrl: `${gitUrl()}-nothing`, ref: "main" });
    await expect(asked).rejects.toMatchObject({ failure: "missing", retryable: false });
  });

  test("leaves no key behind", async () => {
    const left = await readdir(tmpdir());
    for (const name of left.filter((entry) => entry.startsWith("refract-ssh-"))) {
      const key = await readFile(join(tmpdir(), name, "key"), "utf8").catch(() => "");
      expect([keys.client.trim(), keys.other.trim()]).not.toContain(key.trim());
    }
  });
});
