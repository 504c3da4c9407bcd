import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Makes a bare repository of one commit in `directory`; answers its file URL and the commit's id. */
export function bareRepository(
  directory: string,
  files: Record<string, string>,
): { url: string; commit: string } {
  const source = join(directory, "source");
  const bare = join(directory, "repository.git");
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), content);
  }
  const identity = ["-c", "user.name=Dev", "-c", "user.email=dev@example.test"];
  const git = (...args: string[]) => execFileSync("git", args, { cwd: source, encoding: "utf8" }).trim();
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git(...identity, "commit", "-q", "-m", "First");
  git("clone", "-q", "--bare", source, bare);
  return { url: `file://${bare}`, commit: git("rev-parse", "HEAD") };
}
