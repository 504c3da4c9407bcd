import type { GitRef, GitRefKind } from "../ports.ts";
import type { Remote } from "./remote.ts";
import { runRemote } from "./ssh.ts";

const PREFIXES = { branch: "refs/heads/", tag: "refs/tags/" } as const;

type Options = { timeoutMs: number; signal?: AbortSignal };

/** All branches or tags of the server; an annotated tag has the commit that it points to. */
export async function listRefs(remote: Remote, kind: GitRefKind, options: Options): Promise<GitRef[]> {
  return lsRemote(remote, [kind === "branch" ? "--heads" : "--tags"], [], options);
}

/** The branch or, failing that, the tag of this name; `refs/heads/…` and `refs/tags/…` say which is meant. */
export async function findRef(remote: Remote, name: string, options: Options): Promise<GitRef | undefined> {
  const full = name.startsWith("refs/") ? [name] : [`${PREFIXES.branch}${name}`, `${PREFIXES.tag}${name}`];
  const refs = await lsRemote(
    remote,
    [],
    full.flatMap((ref) => [ref, `${ref}^{}`]),
    options,
  );
  for (const ref of full) {
    const found = refs.find((entry) => PREFIXES[entry.kind] + entry.name === ref);
    if (found) return found;
  }
  return undefined;
}

async function lsRemote(
  remote: Remote,
  kinds: string[],
  patterns: string[],
  options: Options,
): Promise<GitRef[]> {
  const args = ["ls-remote", "--quiet", ...kinds, "--", remote.url, ...patterns];
  return parseLsRemote(await runRemote(remote, args, options));
}

/** Lines are `<id>\t<ref>`; `<ref>^{}` follows an annotated tag and names the commit behind it. */
export function parseLsRemote(output: string): GitRef[] {
  const refs = new Map<string, GitRef>();
  for (const line of output.split("\n")) {
    const [commit = "", full = ""] = line.split("\t");
    const ref = full.endsWith("^{}") ? full.slice(0, -3) : full;
    const kind = ref.startsWith(PREFIXES.branch)
      ? "branch"
      : ref.startsWith(PREFIXES.tag)
        ? "tag"
        : undefined;
    if (kind && /^[0-9a-f]{40,64}$/.test(commit)) {
      refs.set(ref, { kind, name: ref.slice(PREFIXES[kind].length), commit });
    }
  }
  return [...refs.values()];
}
