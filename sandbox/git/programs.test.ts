import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git } from "./git.ts";
import { seedRepositories } from "./seed.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const version = { version: "R20261101-001", commit: "3bad12f0c0ffee" };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-programs-"));
  await seedRepositories({ dataDir: join(folder, "data") });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

/** Checks out `ref`, runs its build command and starts the program with the given arguments. */
async function start(name: string, ref: string, program: string, build: string, main: string) {
  const path = await mkdtemp(join(folder, "work-"));
  await git(["clone", "--quiet", "--branch", ref, join(folder, `data/${name}.git`), path]);
  execFileSync(program, [build], {
    cwd: path,
    env: { ...process.env, RELEASE: version.version, GIT_COMMIT: version.commit },
  });
  const port = await freePort();
  const child = spawn(program, [main], {
    cwd: join(path, "dist"),
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port) },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  return { child, url: `http://127.0.0.1:${port}`, output: () => output };
}

async function whenHealthy(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  throw new Error(`the program ended with ${child.exitCode}`);
}

const programs = [
  { name: "quote-api", ref: "main", program: process.execPath, build: "build.mjs", main: "server.mjs" },
  { name: "quote-api", ref: "v1.0.0", program: process.execPath, build: "build.mjs", main: "server.mjs" },
  { name: "risk-check", ref: "main", program: process.execPath, build: "build.mjs", main: "server.mjs" },
  { name: "risk-check", ref: "v2.1.1", program: process.execPath, build: "build.mjs", main: "server.mjs" },
  { name: "portal-web", ref: "main", program: process.execPath, build: "build.mjs", main: "server.mjs" },
  { name: "tick-store", ref: "main", program: "python3", build: "build.py", main: "server.py" },
  { name: "tick-store", ref: "v1.0.0", program: "python3", build: "build.py", main: "server.py" },
];

describe("a built program says what it is and stops when told", () => {
  test.for(programs)("$name $ref", async ({ name, ref, program, build, main }, { skip }) => {
    skip(program === "python3" && !hasPython, "python3 is not installed");
    const { child, url } = await start(name, ref, program, build, main);
    try {
      await whenHealthy(url, child);
      expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ name, ...version });
      const home = await (await fetch(url)).text();
      expect(home).toContain(version.version);
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

describe("a program that crashes at its start says why", () => {
  test.each([
    ["quote-api", "v9.9.9-crash", "FATAL QUOTE_FEED_URL is not set"],
    [
      "risk-check",
      "v2.1.0-crash",
      "FATAL RISK_LIMIT_SOURCE is not reachable: connect ECONNREFUSED 10.32.8.14:6379",
    ],
  ])("%s %s", async (name, ref, text) => {
    const { child, output } = await start(name, ref, process.execPath, "build.mjs", "server.mjs");
    expect(await once(child, "close")).toEqual([1, null]);
    expect(output()).toContain(text);
  });
});
