import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fastImportStream } from "./fast-import.ts";
import { git } from "./git.ts";
import { portalWeb } from "./histories/portal-web.ts";
import { quoteApi } from "./histories/quote-api.ts";
import { riskCheck } from "./histories/risk-check.ts";
import { tickStore } from "./histories/tick-store.ts";
import type { History } from "./history.ts";

export const DEMO_HISTORIES: readonly History[] = [quoteApi, tickStore, portalWeb, riskCheck];

/** `dataDir`: bare repositories are made there. `baseUrl`: histories are pushed to `<baseUrl>/<name>.git`. */
export type SeedTarget = { dataDir: string } | { baseUrl: string };

export interface SeededRepository {
  name: string;
  /** False when it was there already; then nothing was changed. */
  created: boolean;
}

/**
 * Makes the four demo repositories, or pushes them to a Git server that has empty ones of these names.
 * Rejects when git is missing, or the server refuses.
 */
export async function seedRepositories(target: SeedTarget): Promise<SeededRepository[]> {
  const seeded: SeededRepository[] = [];
  for (const history of DEMO_HISTORIES) {
    const created =
      "dataDir" in target
        ? await seedLocally(history, target.dataDir)
        : await seedByPush(history, target.baseUrl);
    seeded.push({ name: history.name, created });
  }
  return seeded;
}

async function seedLocally(history: History, dataDir: string): Promise<boolean> {
  const path = join(dataDir, `${history.name}.git`);
  if (existsSync(path)) return false;
  await mkdir(dataDir, { recursive: true });
  // Renamed when it is complete: a seed that was cut short leaves no half repository under the real name.
  const unfinished = join(dataDir, `.${history.name}-${randomUUID()}`);
  await makeBare(history, unfinished);
  await rename(unfinished, path);
  return true;
}

async function seedByPush(history: History, baseUrl: string): Promise<boolean> {
  const { url, env } = splitCredentials(`${baseUrl.replace(/\/$/, "")}/${history.name}.git`);
  const heads = await git(["ls-remote", "--heads", "--", url], { env });
  if (/\trefs\/heads\/main$/m.test(heads)) return false;
  const folder = await mkdtemp(join(tmpdir(), "refract-seed-"));
  try {
    await makeBare(history, folder);
    await git(
      ["--git-dir", folder, "push", "--quiet", url, "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*"],
      {
        env,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}

async function makeBare(history: History, path: string): Promise<void> {
  const folder = fileURLToPath(new URL(`./repositories/${history.name}`, import.meta.url));
  await git(["init", "--quiet", "--bare", path]);
  await git(["--git-dir", path, "symbolic-ref", "HEAD", "refs/heads/main"]);
  await git(["--git-dir", path, "fast-import", "--quiet"], { input: fastImportStream(history, folder) });
}

/** Credentials in a URL would show in the process list: they travel as a header in the environment instead. */
function splitCredentials(address: string): { url: string; env: Record<string, string> } {
  const url = new URL(address);
  if (url.username === "") return { url: address, env: {} };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = "";
  url.password = "";
  return {
    url: url.href,
    env: {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.extraHeader",
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(pair).toString("base64")}`,
    },
  };
}
