import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ROOT } from "./prisma/cli.ts";
import { CONFORMANCE_SERVERS, CONFORMANCE_TESTS, vitest } from "./test/conformance.ts";
import { readVitestFiles } from "./test/reports.ts";

// The suites of the adapters and of the engine, against real servers where these are named and against the sandbox
// otherwise. They make namespaces, jobs and repositories of their own, with random names, and remove them.

const servers = Object.entries(CONFORMANCE_SERVERS).map(([what, name]) => {
  const given = process.env[name];
  return `${what}: ${given ? `${name}=${given}` : "sandbox"}`;
});
const tell = (lines: string[]): boolean => process.stdout.write(`${lines.join("\n")}\n`);

async function run(report: string): Promise<number> {
  const [name = "", ...args] = vitest([...CONFORMANCE_TESTS, ...process.argv.slice(2)], report);
  const child = spawn(name, args, { cwd: ROOT, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
  if (!existsSync(report)) return code === 0 ? 1 : code;
  const files = readVitestFiles(JSON.parse(await readFile(report, "utf8")));
  const sum = (key: "passed" | "failed" | "skipped") => files.reduce((total, file) => total + file[key], 0);
  const line = (what: string, counts: { passed: number; failed: number; skipped: number }) =>
    `${String(counts.passed).padStart(5)} passed, ${counts.failed} failed, ${counts.skipped} skipped  ${what}`;
  const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
  tell([
    ...files.map((file) => line(relative(ROOT, file.name), file)),
    ...servers,
    `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
  ]);
  return code;
}

tell(servers);
const folder = await mkdtemp(join(tmpdir(), "refract-conformance-report-"));
try {
  process.exitCode = await run(join(folder, "report.json"));
} finally {
  await rm(folder, { recursive: true });
}
