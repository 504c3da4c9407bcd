import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../prisma/cli.ts";
import { CONFORMANCE_SERVERS, CONFORMANCE_TESTS, vitest } from "./conformance.ts";
import { readPlaywright, readVitest } from "./reports.ts";
import { bin, check, command, type Outcome, type Stage, skip } from "./stage.ts";

/** A stage that is one command: it passes when the command answers 0. */
function commandStage(name: string, minutes: number, words: readonly string[]): Stage {
  const run = async (signal: AbortSignal) => {
    const { ok, output } = await command(words, signal);
    return check(ok, output);
  };
  return { name, minutes, run };
}

// Runs a test runner that writes a JSON report, and counts from the report; without a report it has failed.
async function counted(
  words: (report: string) => { words: string[]; env?: Record<string, string> },
  read: (report: unknown, output: string) => Outcome,
  signal: AbortSignal,
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "refract-report-"));
  try {
    const report = join(folder, "report.json");
    const call = words(report);
    const { ok, output } = await command(call.words, signal, call.env);
    if (!existsSync(report)) return check(false, output);
    const outcome = read(JSON.parse(await readFile(report, "utf8")), output);
    // A runner may fail though no test did: an unhandled error, a time limit, no tests at all.
    return !ok && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function vitestStage(project: "unit" | "integration", minutes: number): Stage {
  // The conformance suites are among these, against the sandbox: real servers have a stage of their own.
  const env = Object.fromEntries(Object.values(CONFORMANCE_SERVERS).map((name) => [name, ""]));
  const words = (report: string) => ({ words: vitest(["--project", project], report), env });
  return { name: project, minutes, run: (signal) => counted(words, readVitest, signal) };
}

const conformance: Stage = {
  name: "conformance",
  minutes: 30,
  async run(signal) {
    const names = Object.values(CONFORMANCE_SERVERS);
    if (!names.some((name) => process.env[name])) {
      return skip(`none of ${names.join(", ")} is set: the suites ran against the sandbox only`);
    }
    return counted((report) => ({ words: vitest(CONFORMANCE_TESTS, report) }), readVitest, signal);
  },
};

const types: Stage = {
  name: "types",
  minutes: 5,
  async run(signal) {
    // Writes next-env.d.ts and the types of the routes, which a fresh clone lacks.
    const generated = await command([bin("next"), "typegen"], signal);
    if (!generated.ok) return check(false, generated.output);
    const { ok, output } = await command([bin("tsc"), "--noEmit", "-p", "."], signal);
    return check(ok, output);
  },
};

const importRules: Stage = {
  name: "imports",
  minutes: 5,
  async run(signal) {
    const folders = ["app", "pages", "components", "lib", "sandbox", "scripts", "prisma", "e2e", "bench"];
    const present = folders.filter((name) => existsSync(join(ROOT, name)));
    const cruiser = "node_modules/dependency-cruiser/bin/dependency-cruise.mjs";
    const preload = ["--import", "./scripts/test/tsx-syntax.mjs"];
    const words = [process.execPath, ...preload, cruiser, "--config", ".dependency-cruiser.cjs", ...present];
    const { ok, output } = await command(words, signal);
    return check(ok, output);
  },
};

const compose: Stage = {
  name: "compose",
  minutes: 2,
  async run(signal) {
    const candidates = [["docker", "compose"], ["docker-compose"]];
    const installed = candidates.find(
      ([name = "", ...rest]) => spawnSync(name, [...rest, "version"]).status === 0,
    );
    if (installed === undefined)
      return skip("docker compose is not installed: docker-compose.yml was not checked");
    const { ok, output } = await command(
      [...installed, "--env-file", ".env.example", "config", "--quiet"],
      signal,
    );
    return check(ok, output);
  },
};

const browser: Stage = {
  name: "browser",
  minutes: 40,
  async run(signal) {
    const { chromium } = await import("@playwright/test");
    const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", chromium.executablePath()].some(
      existsSync,
    );
    if (!found) {
      return skip(
        "no Chromium: `apt-get install chromium fonts-noto-cjk` or `npx playwright install chromium`",
      );
    }
    const config = ["playwright.config.ts", "e2e/playwright.config.ts"].find((path) =>
      existsSync(join(ROOT, path)),
    );
    if (config === undefined) return check(false, "there is no playwright.config.ts");
    const words = (report: string) => ({
      words: [bin("playwright"), "test", "--config", config, "--reporter=list,json"],
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    });
    return counted(words, readPlaywright, signal);
  },
};

/** All stages in the order in which they run: quick ones first. */
export const STAGES: readonly Stage[] = [
  commandStage("lint", 2, [bin("biome"), "ci", "--colors=off", "."]),
  types,
  importRules,
  commandStage("unused", 5, [bin("knip")]),
  commandStage("migrations", 5, [process.execPath, "scripts/check-migrations.ts"]),
  vitestStage("unit", 20),
  vitestStage("integration", 30),
  conformance,
  commandStage("build", 10, [process.execPath, "scripts/build.ts"]),
  compose,
  browser,
];
