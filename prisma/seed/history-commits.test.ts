import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git } from "#sandbox/git/git.ts";
import { chanceFrom } from "./chance.ts";
import { pastCommit, writeCommits } from "./history-commits.ts";

test("commits of the past are in the repository, one on the other, and made anew over what was there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "refract-history-test-"));
  try {
    const path = join(folder, "clearing/settle-batch.git");
    const chance = chanceFrom(7);
    const past = [1, 2, 3].map((day) => pastCommit(Date.UTC(2026, 9, day), chance));
    const ids = await writeCommits(path, past);
    const log = await git(["--git-dir", path, "log", "--reverse", "--format=%H %at %an %s", "main"]);
    expect(log.trim().split("\n")).toEqual(
      past.map(({ at, author, subject }, index) =>
        [ids[index], Math.floor(at / 1000), author.name, subject].join(" "),
      ),
    );
    const body = await git(["--git-dir", path, "log", "-1", "--format=%b", "main"]);
    expect(body.trim()).toBe(past.at(-1)?.body);
    expect(await writeCommits(path, past.slice(0, 1))).toEqual(ids.slice(0, 1));
    expect((await git(["--git-dir", path, "rev-list", "--count", "main"])).trim()).toBe("1");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
