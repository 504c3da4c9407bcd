import { git } from "../git.ts";

export type Person = { name: string; email: string; date: string };
export type Commit = {
  id: string;
  parents: string[];
  tree: string;
  message: string;
  author: Person;
  committer: Person;
};
export type Ref = { name: string /** Of an annotated tag its own id. */; object: string; commit: Commit };
export type Page = { page: number; size: number };

const FORMAT = "--format=%H%x00%P%x00%T%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01";

/** What the APIs tell of a bare repository, asked of Git each time. */
export function openRepository(folder: string) {
  const run = (...args: string[]) => git(["--git-dir", folder, ...args]);

  /** Full id of a commit; null when the text names none. */
  async function commitId(text: string): Promise<string | null> {
    if (text === "" || text.startsWith("-")) return null;
    return run("rev-parse", "--quiet", "--verify", "--end-of-options", `${text}^{commit}`).then(
      (id) => id.trim(),
      () => null,
    );
  }

  async function log(range: string[], { page, size }: Page): Promise<Commit[]> {
    const some = [`--max-count=${size}`, `--skip=${(page - 1) * size}`];
    const output = await run("log", FORMAT, ...some, "--end-of-options", ...range, "--");
    return output.split("\x01").flatMap((text) => {
      const [id, parents = "", tree = "", name = "", email = "", date = "", ...rest] = text
        .replace(/^\n/, "")
        .split("\0");
      const [committer = "", committerEmail = "", committed = "", message = ""] = rest;
      if (!id) return [];
      return [
        {
          id,
          parents: parents.split(" ").filter((parent) => parent !== ""),
          tree,
          message,
          author: { name, email, date },
          committer: { name: committer, email: committerEmail, date: committed },
        },
      ];
    });
  }

  return {
    commitId,
    log,
    count: async (range: string[]): Promise<number> =>
      Number((await run("rev-list", "--count", "--end-of-options", ...range, "--")).trim()),
    commit: async (text: string): Promise<Commit | null> => {
      const id = await commitId(text);
      return id === null ? null : ((await log([id], { page: 1, size: 1 }))[0] ?? null);
    },
    /** Branches or tags by name. */
    async refs(space: "heads" | "tags"): Promise<Ref[]> {
      const format = "--format=%(refname:lstrip=2)%00%(objectname)%00%(*objectname)";
      const lines = (await run("for-each-ref", format, `refs/${space}`)).trim().split("\n");
      const refs: Ref[] = [];
      for (const line of lines) {
        const [name = "", object = "", peeled = ""] = line.split("\0");
        const [commit] = name === "" ? [] : await log([peeled || object], { page: 1, size: 1 });
        if (commit) refs.push({ name, object, commit });
      }
      return refs;
    },
    /** Names of the branches and tags that lead to a commit. */
    async containing(id: string): Promise<{ type: "branch" | "tag"; name: string }[]> {
      const output = await run(
        "for-each-ref",
        "--format=%(refname)",
        `--contains=${id}`,
        "refs/heads",
        "refs/tags",
      );
      return output.split("\n").flatMap((line) => {
        const [, space, name] = /^refs\/(heads|tags)\/(.+)$/.exec(line) ?? [];
        return name === undefined ? [] : [{ type: space === "heads" ? "branch" : "tag", name } as const];
      });
    },
    head: async (): Promise<string> => (await run("symbolic-ref", "--short", "HEAD")).trim(),
    mergeBase: (one: string, other: string): Promise<string | null> =>
      run("merge-base", one, other).then(
        (id) => id.trim(),
        () => null,
      ),
  };
}
export type Repository = ReturnType<typeof openRepository>;
