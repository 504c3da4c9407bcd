import { isIP } from "node:net";
import { AdapterError } from "#lib/errors.ts";
import type { Remote } from "./remote.ts";
import { type GitRun, runGit } from "./run.ts";
import { isProxied } from "./smart-http.ts";

const MOST_HOPS = 3;
const MOST_KNOWN = 1000;
const QUESTION = "/info/refs?service=git-upload-pack";
/** Where repositories are by now that a server said are elsewhere. */
const moved = new Map<string, string>();

/**
 * Runs git against a remote over HTTP. Git connects to the very addresses that were admitted, and follows no redirect by
 * itself: where one leads is looked at as the first address was, and then git is told to go there.
 * @throws AdapterError as runGit; as `admit` where the server, or what it sends git to, may not be asked
 */
export async function runHttp(remote: Remote, run: Omit<GitRun, "env">): Promise<string> {
  let url = moved.get(remote.url) ?? remote.url;
  for (let hop = 0; ; hop += 1) {
    try {
      return await runGit({ ...run, env: await environment(remote, url) });
    } catch (error) {
      moved.delete(remote.url);
      const next = hop < MOST_HOPS && isRedirect(error) ? await redirectOf(remote, url, run) : null;
      if (next === null) throw error;
      url = next;
      if (moved.size >= MOST_KNOWN) moved.clear();
      moved.set(remote.url, url);
    }
  }
}

const isRedirect = (error: unknown): boolean =>
  error instanceof AdapterError && /error: 30[12378]/.test(error.message);

async function environment(remote: Remote, at: string): Promise<Record<string, string>> {
  const url = new URL(at);
  const isAddress = isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0;
  // A proxy finds by itself what a name stands for.
  const isAdmitted = isAddress || !isProxied(at);
  const addresses = isAdmitted ? ((await remote.admit?.(url.origin)) ?? []) : [];
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const settings = [
    ...remote.settings,
    ["http.followRedirects", "false"],
    ...(addresses.length > 0 && !isAddress
      ? [["http.curloptResolve", `${url.hostname}:${port}:${addresses.join(",")}`]]
      : []),
    ...(at === remote.url ? [] : [[`url.${at}.insteadOf`, remote.url]]),
  ];
  const told = settings.flatMap(([name = "", value = ""], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...remote.env,
    ...Object.fromEntries(told),
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_ALLOW_PROTOCOL: url.protocol.slice(0, -1),
  };
}

/**
 * Where a server says that a repository is; null when it does not say so in the way of Git hosts, or leads from an
 * encrypted address to one that is not.
 */
async function redirectOf(
  { url, http }: Remote,
  at: string,
  { signal, timeoutMs }: Pick<GitRun, "signal" | "timeoutMs">,
): Promise<string | null> {
  const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
  const headers: Record<string, string> = { "user-agent": "git/refract", "git-protocol": "version=2" };
  // Only the host that it is for gets the credential.
  if (http?.authorization !== undefined && new URL(at).origin === new URL(url).origin)
    headers.authorization = http.authorization;
  const response = await fetch(`${at.replace(/\/+$/, "")}${QUESTION}`, {
    headers,
    redirect: "manual",
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch(() => null);
  await response?.body?.cancel();
  const location = response?.headers.get("location");
  const next = location ? URL.parse(location, at) : null;
  if (!next || !["http:", "https:"].includes(next.protocol) || !next.href.endsWith(QUESTION)) return null;
  if (next.protocol === "http:" && new URL(at).protocol === "https:") return null;
  if (next.username !== "" || next.password !== "") return null;
  return next.href.slice(0, -QUESTION.length);
}
