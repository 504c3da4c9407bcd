import { AdapterError } from "#lib/errors.ts";
import { failureOf, readBytes } from "../http-answer.ts";
import { gaveUp } from "./failure.ts";
import { type Packet, readPackets } from "./pkt-line.ts";
import { askForRefs, type NamedRef, readGreeting, readRefs } from "./ref-answers.ts";
import type { Remote } from "./remote.ts";
import { MAX_OUTPUT_BYTES } from "./run.ts";

const MOST_KNOWN = 1000;
const SERVICE = "git-upload-pack";
/** Objects' format of the repositories whose servers speak version 2: they need not be greeted again. */
const speakers = new Map<string, string>();

/**
 * The refs of a repository over HTTP that begin with one of the prefixes, by one request where the server is known to
 * speak version 2 of the protocol, else by two; perhaps others as well. Null when git itself has to ask: this is no
 * HTTP, a proxy or certificates of its own are set for git, or the answer is not what is expected.
 * @throws AdapterError `unauthorized`, `forbidden` for a credential that is refused; `unreachable` when it takes too
 * long or is given up
 */
export async function askRefs(
  remote: Remote,
  prefixes: readonly string[],
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<NamedRef[] | null> {
  if (!remote.http || isSetForGit(remote.url)) return null;
  const timeout = AbortSignal.timeout(timeoutMs);
  const ended = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    const known = speakers.get(remote.url) ?? (await greet(remote, ended));
    const refs = typeof known === "string" ? await listed(remote, prefixes, known, ended) : known;
    if (refs === null) speakers.delete(remote.url);
    return refs;
  } catch (error) {
    speakers.delete(remote.url);
    if (ended.aborted) throw gaveUp(remote.label, error);
    if (error instanceof AdapterError) throw error;
    return null;
  }
}

/** The objects' format of a server of version 2; all refs of one of an older version. */
async function greet(remote: Remote, signal: AbortSignal): Promise<string | NamedRef[] | null> {
  const path = `/info/refs?service=${SERVICE}`;
  const packets = await exchange(remote, path, `application/x-${SERVICE}-advertisement`, { signal });
  const greeting = packets && readGreeting(packets);
  if (!greeting) return null;
  if ("refs" in greeting) return greeting.refs;
  if (speakers.size >= MOST_KNOWN) speakers.clear();
  speakers.set(remote.url, greeting.objectFormat);
  return greeting.objectFormat;
}

async function listed(
  remote: Remote,
  prefixes: readonly string[],
  objectFormat: string,
  signal: AbortSignal,
): Promise<NamedRef[] | null> {
  const packets = await exchange(remote, `/${SERVICE}`, `application/x-${SERVICE}-result`, {
    signal,
    method: "POST",
    headers: { "content-type": `application/x-${SERVICE}-request` },
    body: askForRefs(prefixes, objectFormat),
  });
  return packets && readRefs(packets);
}

/** Redirects are left to git, which knows where a credential may go. */
async function exchange(
  { url, label, http }: Remote,
  path: string,
  type: string,
  init: RequestInit,
): Promise<Packet[] | null> {
  const response = await fetch(`${url.replace(/\/+$/, "")}${path}`, {
    ...init,
    redirect: "manual",
    headers: {
      accept: type,
      "git-protocol": "version=2",
      // Some hosts speak Git to those alone that call themselves so.
      "user-agent": "git/refract",
      ...(http?.authorization === undefined ? {} : { authorization: http.authorization }),
      ...init.headers,
    },
  });
  if (response.status === 200 && response.headers.get("content-type")?.split(";", 1)[0] === type)
    return readPackets(await readBytes(response, MAX_OUTPUT_BYTES, label));
  await response.body?.cancel();
  // Not asked again by git: hosts count what they refuse. Without a credential git may find one of its own.
  const refused = response.status === 401 || response.status === 403;
  if (refused && http?.authorization !== undefined) throw failureOf(response.status, label);
  return null;
}

const PROXIES = {
  "https:": ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"],
  "http:": ["http_proxy", "ALL_PROXY"],
};
const CERTIFICATES = ["GIT_SSL_CAINFO", "SSL_CERT_FILE", "SSL_CERT_DIR"];
const isSet = (name: string): boolean => (process.env[name] ?? "") !== "";

/** Whether a proxy finds the host of this URL for git. */
export const isProxied = (url: string): boolean =>
  PROXIES[url.startsWith("https:") ? "https:" : "http:"].some(isSet);

/** What git would heed and `fetch` does not. */
const isSetForGit = (url: string): boolean =>
  isProxied(url) || (url.startsWith("https:") && CERTIFICATES.some(isSet));
