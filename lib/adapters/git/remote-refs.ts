import type { GitRef, GitRefKind } from "../ports.ts";
import type { NamedRef } from "./ref-answers.ts";
import type { Remote } from "./remote.ts";
import { askRefs } from "./smart-http.ts";
import { runRemote } from "./ssh.ts";

const PREFIXES = { branch: "refs/heads/", tag: "refs/tags/" } as const;

type Options = { timeoutMs: number; signal?: AbortSignal };

/** All branches or tags of the server; an annotated tag has the commit that it points to. */
export async function listRefs(remote: Remote, kind: GitRefKind, options: Options): Promise<GitRef[]> {
  const prefix = PREFIXES[kind];
  const refs = await ask(remote, [prefix], [kind === "branch" ? "--heads" : "--tags"], [], options);
  return refs.flatMap(toGitRef).filter((ref) => ref.kind === kind);
}

/** The branch or, failing that, the tag of this name; `refs/heads/…` and `refs/tags/…` say which is meant. */
export async function findRef(remote: Remote, name: string, options: Options): Promise<GitRef | undefined> {
  const full = name.startsWith("refs/") ? [name] : [`${PREFIXES.branch}${name}`, `${PREFIXES.tag}${name}`];
  const patterns = full.flatMap((ref) => [ref, `${ref}^{}`]);
  const refs = await ask(remote, full, [], patterns, options);
  for (const wanted of full) {
    const found = refs.find(({ ref }) => ref === wanted);
    if (found) return toGitRef(found)[0];
  }
  return undefined;
}

/** Directly where that is possible, else by git. */
async function ask(
  remote: Remote,
  prefixes: string[],
  kinds: string[],
  patterns: string[],
  options: Options,
): Promise<NamedRef[]> {
  const start = performance.now();
  const direct = await askRefs(remote, prefixes, options);
  if (direct) return direct;
  const timeoutMs = Math.max(1, options.timeoutMs - (performance.now() - start));
  const args = ["ls-remote", "--quiet", ...kinds, "--", remote.url, ...patterns];
  return parseLsRemote(await runRemote(remote, args, { ...options, timeoutMs }));
}

/** Lines are `<id>\t<ref>`; `<ref>^{}` follows an annotated tag and names the commit behind it. */
function parseLsRemote(output: string): NamedRef[] {
  const refs = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [commit = "", full = ""] = line.split("\t");
    if (/^[0-9a-f]{40,64}$/.test(commit)) refs.set(full.endsWith("^{}") ? full.slice(0, -3) : full, commit);
  }
  return [...refs].map(([ref, commit]) => ({ ref, commit }));
}

/** Nothing for what is neither branch nor tag. */
function toGitRef({ ref, commit }: NamedRef): GitRef[] {
  const kind = ref.startsWith(PREFIXES.branch) ? "branch" : ref.startsWith(PREFIXES.tag) ? "tag" : null;
  return kind ? [{ kind, name: ref.slice(PREFIXES[kind].length), commit }] : [];
}
