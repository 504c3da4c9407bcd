import { AdapterError } from "#lib/errors.ts";
import { isLoopback } from "../loopback.ts";
import type { GitConfig } from "./config.ts";

export type Remote = {
  url: string;
  /** Without credentials, for messages. */
  label: string;
  /** Protocol that git may speak to it, in git's words. */
  protocol: string;
  /** Its settings for this URL, each a name and a value. */
  settings: readonly (readonly [string, string])[];
  env: Record<string, string>;
  /** For a URL that goes over HTTP, with the header of its credential where there is one. */
  http?: { authorization?: string };
  /** The key for a URL that goes over SSH. */
  ssh?: { privateKey: string; knownHosts: string };
  /** Where the server may be asked; see GitConfig. */
  admit?: GitConfig["admit"];
};

const PROTOCOLS = ["https:", "http:", "ssh:"];
const SCP_LIKE = /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?![/-])[^\s\0]+$/;

/**
 * Checks a Git URL: `https`, `http`, `ssh` or `user@host:path`. Throws AdapterError `invalid` for others, for one that
 * git could take for an option, and for one with a password in it, which would end up in logs and in the database.
 */
export function openRemote(gitUrl: string, config: GitConfig): Remote {
  const invalid = (why: string) => new AdapterError("invalid", `Git URL ${why}`, { retryable: false });
  const credential = config.credentials?.find((entry) => entry.host === gitHost(gitUrl));
  const ssh = credential && "privateKey" in credential ? { ssh: credential } : {};
  const plain = { url: gitUrl, label: gitUrl, settings: [], env: {} };
  if (SCP_LIKE.test(gitUrl)) return { ...plain, protocol: "ssh", ...ssh, admit: config.admit };
  if (!URL.canParse(gitUrl) || /[\s\0]/.test(gitUrl)) throw invalid("cannot be read");
  const url = new URL(gitUrl);
  if (url.protocol === "file:" && config.allowFile === true) return { ...plain, protocol: "file" };
  if (!PROTOCOLS.includes(url.protocol))
    throw invalid(`has the protocol ${url.protocol} which is not allowed`);
  if (url.password !== "" || (url.protocol !== "ssh:" && url.username !== ""))
    throw invalid("has credentials in it; they belong in the settings");
  // ssh would take a host that begins with a dash for an option.
  if (url.hostname === "" || url.hostname.startsWith("-")) throw invalid("has no host");
  let answer: Pick<Remote, "settings" | "env"> = { settings: [], env: {} };
  const http: Remote["http"] = {};
  if (credential && "password" in credential && url.protocol !== "ssh:") {
    // One entry stands for both ways to a host: whoever sets a component's address must not choose the readable one.
    if (url.protocol === "http:" && !isLoopback(url.hostname))
      throw invalid("would send the registered password unencrypted; use https");
    answer = passwordAnswer(url, credential);
    const pair = Buffer.from(`${credential.username}:${credential.password}`).toString("base64");
    http.authorization = `Basic ${pair}`;
  }
  return {
    url: gitUrl,
    label: `${url.protocol}//${url.host}${url.pathname}`,
    protocol: url.protocol.slice(0, -1),
    ...answer,
    admit: config.admit,
    ...(url.protocol === "ssh:" ? ssh : { http }),
  };
}

/** Answers git's question for a name and a password from the environment; git also tells it what to keep. */
const HELPER =
  '!f() { if [ "$1" = get ]; then printf "username=%s\\npassword=%s\\n" "$REFRACT_GIT_USERNAME" "$REFRACT_GIT_PASSWORD"; fi; }; f';

/**
 * A password that git gives to this host when it is asked for one, and to no other that a redirect leads to: a header
 * of our own would go wherever the host sends git. In the environment, not in the arguments, which every user of the
 * machine can read; helpers of the machine's own settings are not asked.
 */
function passwordAnswer(url: URL, { username, password }: { username: string; password: string }) {
  return {
    settings: [
      ["credential.helper", ""],
      [`credential.${url.protocol}//${url.host}.helper`, HELPER],
    ] as const,
    env: { REFRACT_GIT_USERNAME: username, REFRACT_GIT_PASSWORD: password },
  };
}

/**
 * The host that a Git URL names, with the port where it is not the usual one; null where it names none. It tells which
 * credential is meant.
 */
export function gitHost(gitUrl: string): string | null {
  if (SCP_LIKE.test(gitUrl)) return gitUrl.slice(gitUrl.indexOf("@") + 1, gitUrl.indexOf(":")).toLowerCase();
  const url = URL.parse(gitUrl);
  // Only of http and https does the parser know the usual port, and only their hosts does it put into lower case.
  return url?.host ? url.host.toLowerCase().replace(url.protocol === "ssh:" ? /:22$/ : /$^/, "") : null;
}

/** The path of a Git URL without the slashes around it; null where it has none. */
export function gitPath(gitUrl: string): string | null {
  if (SCP_LIKE.test(gitUrl)) return gitUrl.slice(gitUrl.indexOf(":") + 1).replace(/\/+$/, "") || null;
  try {
    return decodeURIComponent(new URL(gitUrl).pathname).replaceAll(/^\/+|\/+$/g, "") || null;
  } catch {
    return null;
  }
}
