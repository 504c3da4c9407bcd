import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { GitCommit, GitCommitDetail } from "../ports.ts";
import { DETAIL_FORMAT, LOG_FORMAT, parseDetail, parseLog } from "./commit-log.ts";
import { withLock } from "./lock.ts";
import type { Remote } from "./remote.ts";
import { runGit } from "./run.ts";
import { runRemote } from "./ssh.ts";

type Limits = { timeoutMs: number; signal?: AbortSignal };
export type LogRange = { to: string; from: string | null; limit?: number; skip?: number };

/**
 * A bare copy of a repository's commits, without the contents of files. It only ever answers about commits whose ids
 * are known from the server, so that an old copy is never mistaken for the present.
 */
export type Mirror = ReturnType<typeof openMirror>;

export function openMirror(cacheDir: string, remote: Remote) {
  const path = join(
    /*turbopackIgnore: true*/ cacheDir,
    `${createHash("sha256").update(remote.url).digest("hex").slice(0, 32)}.git`,
  );
  const run = (args: string[], limits: Limits) =>
    runGit({ args: ["--git-dir", path, ...args], what: remote.label, ...limits });

  async function create(timeoutMs: number): Promise<void> {
    if (existsSync(path)) return;
    const unfinished = join(/*turbopackIgnore: true*/ cacheDir, `.${randomUUID()}`);
    await mkdir(cacheDir, { recursive: true });
    try {
      // An empty template: no hooks of this machine run on what a server sends.
      const init = ["init", "--quiet", "--bare", "--template=", unfinished];
      await runGit({ args: init, what: remote.label, timeoutMs });
      const config = ["--git-dir", unfinished, "config", "remote.origin.url", remote.url];
      await runGit({ args: config, what: remote.label, timeoutMs });
      await rename(unfinished, path);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }

  async function fetch(timeoutMs: number): Promise<void> {
    const args = [
      "--git-dir",
      path,
      "-c",
      "gc.autoDetach=false",
      "-c",
      "maintenance.autoDetach=false",
      "fetch",
      "--quiet",
      "--prune",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-recurse-submodules",
      "--filter=blob:none",
      "origin",
      "+refs/heads/*:refs/heads/*",
      "+refs/tags/*:refs/tags/*",
    ];
    await runRemote(remote, args, { timeoutMs });
  }

  return {
    /** Makes the mirror equal to the server. `timeoutMs` is for git; another process may make it wait as long again. */
    async refresh(timeoutMs: number): Promise<void> {
      await mkdir(cacheDir, { recursive: true });
      await withLock(`${path}.lock`, { waitMs: timeoutMs, staleMs: 2 * timeoutMs }, async () => {
        await create(timeoutMs);
        await fetch(timeoutMs);
      });
    },

    /** Full id of a commit that the mirror has; `text` is a (shortened) id. Undefined also when it is ambiguous. */
    async commitId(text: string, limits: Limits): Promise<string | undefined> {
      if (!existsSync(path)) return undefined;
      const args = [
        "--git-dir",
        path,
        "rev-parse",
        "--quiet",
        "--verify",
        "--end-of-options",
        `${text}^{commit}`,
      ];
      const output = await runGit({ args, what: remote.label, ...limits, emptyOnFailure: true });
      return output.trim() || undefined;
    },

    /** A commit that the mirror has, as `commitId` finds it. */
    async commit(text: string, limits: Limits): Promise<GitCommit | undefined> {
      if (!existsSync(path)) return undefined;
      const range = ["--max-count=1", "--end-of-options", `${text}^{commit}`, "--"];
      const args = ["--git-dir", path, "log", "-z", LOG_FORMAT, ...range];
      const [commit] = parseLog(await runGit({ args, what: remote.label, ...limits, emptyOnFailure: true }));
      return commit;
    },

    /** Commits that the branches and tags point to, by id; other objects that tags may name are `null`. */
    async heads(limits: Limits): Promise<Map<string, GitCommit | null>> {
      const heads = new Map<string, GitCommit | null>();
      if (!existsSync(path)) return heads;
      const side = (star: string) =>
        ["objectname", "objecttype", "subject", "authorname", "authoremail:trim", "authordate:unix"]
          .map((field) => `%(${star}${field})`)
          .join("%00");
      // %00 ends every ref too: subjects may hold anything else.
      const format = `--format=${side("")}%00${side("*")}%00`;
      const fields = (await run(["for-each-ref", format, "refs/heads", "refs/tags"], limits)).split("\0");
      for (let start = 0; start + 6 <= fields.length; start += 6) {
        const [id = "", type, subject = "", authorName = "", authorEmail = "", seconds] = fields
          .slice(start, start + 6)
          .map((field, index) => (index === 0 ? field.trim() : field));
        if (id === "") continue;
        const authoredAt = new Date(Number(seconds) * 1000);
        heads.set(
          id,
          type === "commit" ? { commit: id, subject, authorName, authorEmail, authoredAt } : null,
        );
      }
      return heads;
    },

    /** Commits of a range of full ids, newest first. */
    async log({ to, from, limit, skip }: LogRange, limits: Limits): Promise<GitCommit[]> {
      const page = [
        ...(limit === undefined ? [] : [`--max-count=${limit}`]),
        ...(skip === undefined ? [] : [`--skip=${skip}`]),
      ];
      const range = from === null ? [to] : [to, `^${from}`];
      return parseLog(
        await run(["log", "-z", LOG_FORMAT, ...page, "--end-of-options", ...range, "--"], limits),
      );
    },

    /** All that a commit of a full id says, and whether a branch or tag of the mirror leads there. */
    async detail(commit: string, limits: Limits): Promise<GitCommitDetail | undefined> {
      const only = ["--max-count=1", "--no-show-signature"];
      const [output, names] = await Promise.all([
        run(["log", "-z", DETAIL_FORMAT, ...only, "--end-of-options", commit, "--"], limits),
        run(
          [
            "for-each-ref",
            "--count=1",
            "--format=%(refname)",
            `--contains=${commit}`,
            "refs/heads",
            "refs/tags",
          ],
          limits,
        ),
      ]);
      const detail = parseDetail(output);
      return detail && { ...detail, reachable: names.trim() !== "" };
    },

    /** Number of commits in a range of full ids. */
    async count({ to, from }: LogRange, limits: Limits): Promise<number> {
      const range = from === null ? [to] : [to, `^${from}`];
      return Number((await run(["rev-list", "--count", "--end-of-options", ...range, "--"], limits)).trim());
    },
  };
}
