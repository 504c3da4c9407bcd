// Installs what a fresh clone lacks. Plain JavaScript: it runs on the system's Node (20 or newer), before anything
// is installed. Also a command: `node scripts/setup.mjs`.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./lock.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODULES = join(ROOT, "node_modules");
const LONGEST_INSTALL_MS = 20 * 60_000;

const read = (path) => readFileSync(join(ROOT, path), "utf8");
const hash = (...texts) => createHash("sha256").update(texts.join("\0")).digest("hex");

function marked(name) {
  const path = join(MODULES, name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** Whether node_modules holds what the lockfile says; optional packages of other platforms do not count. */
function isInstalled() {
  const path = join(MODULES, ".package-lock.json");
  if (!existsSync(path)) return false;
  const wanted = JSON.parse(read("package-lock.json")).packages;
  const installed = JSON.parse(readFileSync(path, "utf8")).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional, link }]) =>
      name === "" || optional || link || installed[name]?.version === version,
  );
}

function npm(args) {
  // npm's own path when npm started us; the shell finds `npm.cmd` on Windows.
  const own = process.env.npm_execpath?.endsWith(".js") ? process.env.npm_execpath : undefined;
  const [command, words] = own ? [process.execPath, [own, ...args]] : ["npm", args];
  const options = { cwd: ROOT, encoding: "utf8", timeout: LONGEST_INSTALL_MS, maxBuffer: 64 * 1024 * 1024 };
  const answer = spawnSync(command, words, { ...options, shell: !own && process.platform === "win32" });
  return {
    ok: answer.status === 0,
    output: `${answer.stdout ?? ""}${answer.stderr ?? ""}${answer.error ?? ""}`,
  };
}

function install() {
  console.log("Installing dependencies (npm ci) ... / 正在安装依赖 ...");
  const quiet = ["--no-audit", "--no-fund"];
  let result = npm(["ci", ...quiet]);
  // A registry mirror may lack optional packages of other platforms: `npm ci` then calls the lockfile incomplete.
  if (!result.ok && /Missing: .* from lock file/.test(result.output)) {
    result = npm(["install", "--no-save", ...quiet]);
  }
  if (!result.ok) throw new Error(`The dependencies could not be installed:\n${result.output}`);
}

/** Path of a Node.js that runs this project (24 or newer): the installed one, else the one that runs now. */
export function nodeBinary() {
  const own = join(MODULES, ".bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(own) && spawnSync(own, ["--version"]).status === 0) return own;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new Error(
    "The npm package `node` was not installed completely (its install script may have been refused). " +
      "Run `npm rebuild node`, or use Node.js 24 or newer.",
  );
}

function generateClient(node) {
  const wanted = hash(read("prisma/schema.prisma"), read("package-lock.json"));
  if (marked(".refract-client") === wanted && existsSync(join(ROOT, "lib/generated/prisma/client.ts")))
    return;
  const prisma = join(MODULES, "prisma/build/index.js");
  const options = { cwd: ROOT, encoding: "utf8", env: { ...process.env, CHECKPOINT_DISABLE: "1" } };
  const answer = spawnSync(node, [prisma, "generate"], options);
  if (answer.status !== 0) throw new Error(`prisma generate failed:\n${answer.stdout}${answer.stderr}`);
  writeFileSync(join(MODULES, ".refract-client"), wanted);
}

/**
 * Makes the clone ready to run: dependencies and the generated database client. Does nothing when they are there.
 * @returns path of the Node.js to run the project with
 */
export async function setup() {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const work = async () => {
    const wanted = hash(read("package.json"), read("package-lock.json"), process.platform, process.arch);
    if (marked(".refract-setup") !== wanted) {
      if (!isInstalled()) install();
      writeFileSync(join(MODULES, ".refract-setup"), wanted);
    }
    const node = nodeBinary();
    generateClient(node);
    return node;
  };
  return withLock(join(ROOT, ".cache/setup.lock"), work, () => console.log("Waiting for another set-up ..."));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setup().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
