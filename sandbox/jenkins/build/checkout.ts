import { mkdir, rm } from "node:fs/promises";
import type { BuildLog } from "../log.ts";
import { inheritedEnvironment } from "./environment.ts";
import { BuildFailure } from "./failure.ts";
import { run } from "./process.ts";

export interface Source {
  url: string;
  /** Branch, tag or full reference; fetched where the clone alone lacks the commit. */
  ref: string;
  /** Full or abbreviated commit id; empty takes `ref`, or the default branch. */
  commit: string;
}

export interface Checkout {
  /** Full id of the commit in the workspace. */
  commit: string;
  /** When it was committed: a build of the same commit is the same image. */
  committedAt: Date;
}

function checkSource(source: Source): void {
  if (source.commit !== "" && !/^[0-9a-f]{7,64}$/i.test(source.commit)) {
    throw new BuildFailure(`GIT_COMMIT is not a commit id: ${source.commit}`);
  }
  // A name that starts with a dash would be read as an option.
  if (source.url.startsWith("-") || source.ref.startsWith("-"))
    throw new BuildFailure("GIT_URL or GIT_REF is not valid");
}

/** The password inside of a URL, which git repeats in its messages. */
function urlPassword(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { password } = new URL(url);
  return password === "" ? [] : [password, decodeURIComponent(password)];
}

/**
 * Clones a repository into an emptied workspace and checks out the commit; git's own output goes to the log.
 * @throws {BuildFailure} when git refuses. @throws {BuildStopped}
 */
export async function checkout(
  git: string,
  workspace: string,
  source: Source,
  log: BuildLog,
  signal: AbortSignal,
): Promise<Checkout> {
  checkSource(source);
  log.hide(urlPassword(source.url));
  await rm(workspace, { recursive: true, force: true });
  await mkdir(workspace, { recursive: true });
  const env = gitEnvironment();
  const call = (args: string[], capture = false) => {
    log.line(`+ git ${args.join(" ")}`);
    return run({ file: git, args, cwd: workspace, env }, log, signal, capture);
  };
  await call(["clone", "--no-checkout", "--", source.url, "."]);
  const target = source.commit === "" ? await fetchRef(call, source.ref) : source.commit;
  try {
    await call(["-c", "advice.detachedHead=false", "checkout", "--detach", target]);
  } catch (error) {
    // A commit that no branch or tag reaches (a pull request's, say) comes with its own reference.
    if (!(error instanceof BuildFailure) || source.ref === "" || source.commit === "") throw error;
    await fetchRef(call, source.ref);
    await call(["-c", "advice.detachedHead=false", "checkout", "--detach", target]);
  }
  return checkedOut(git, workspace, log, signal);
}

/** What a workspace holds that was checked out before. @throws {BuildFailure} where it holds nothing. */
export async function checkedOut(
  git: string,
  workspace: string,
  log: BuildLog,
  signal: AbortSignal,
): Promise<Checkout> {
  const args = ["show", "-s", "--format=%H %ct"];
  log.line(`+ git ${args.join(" ")}`);
  const shown = await run({ file: git, args, cwd: workspace, env: gitEnvironment() }, log, signal, true);
  const [commit = "", seconds = "0"] = shown.trim().split(" ").slice(-2);
  return { commit, committedAt: new Date(Number(seconds) * 1000) };
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const env = inheritedEnvironment();
  env.LC_ALL = "C.UTF-8";
  // Never ask anybody, and never run a helper that a URL names.
  env.GIT_TERMINAL_PROMPT = "0";
  env.GIT_ALLOW_PROTOCOL = "file:git:http:https:ssh";
  return env;
}

async function fetchRef(call: (args: string[]) => Promise<string>, ref: string): Promise<string> {
  if (ref === "") return "HEAD";
  await call(["fetch", "origin", ref]);
  return "FETCH_HEAD";
}
