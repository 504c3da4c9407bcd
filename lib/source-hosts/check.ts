import type { SourceHost } from "#lib/adapters/ports.ts";
import type { Finding } from "#lib/clusters/schema.ts";
import { isFor } from "#lib/connections/git.ts";
import { AdapterError } from "#lib/errors.ts";
import { webhookUrl } from "#lib/webhooks/secret.ts";

const TIMEOUT_MS = 60_000;
/** Others are likely to answer alike. */
const MAX_REPOSITORIES = 10;

/**
 * Asks the repositories of a host for their branches, as the stored credential allows.
 * @returns one finding per repository; when the host is not reached or lets nobody in, the first such one ends it
 */
export async function inspectSourceHost(host: SourceHost, gitUrls: readonly string[]): Promise<Finding[]> {
  if (gitUrls.length === 0) {
    return [
      {
        code: "GIT_UNUSED",
        ok: false,
        message: "no component's Git address names this host",
        fix: "write the host as the components' Git addresses do, with the port where it is not the usual one",
      },
    ];
  }
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const findings: Finding[] = [];
  for (const gitUrl of gitUrls.slice(0, MAX_REPOSITORIES)) {
    const finding = await inspectRepository(host, gitUrl, signal);
    findings.push(finding);
    if (finding.code !== "GIT_REPOSITORY") break;
  }
  return findings;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether the Git host can know the way to the webhook's address. Whether it comes through, only a push tells. */
export function inspectWebhook(row: {
  key: string;
  host: string;
  webhookSecretEncrypted: string | null;
}): Finding[] {
  if (row.webhookSecretEncrypted === null) return [];
  const url = webhookUrl(row.key);
  const here = LOOPBACK.test(new URL(url).hostname) && !LOOPBACK.test(row.host.replace(/:\d+$/, ""));
  return [
    {
      code: "GIT_WEBHOOK",
      ok: !here,
      message: url,
      ...(here ? { fix: "set NEXTAUTH_URL to an address that the Git host can reach" } : {}),
    },
  ];
}

/** Projects that have a repository on the host and may not use its credential. */
export function shutOut(host: { projects: string[]; credentialKind: string }, projects: string[]): Finding[] {
  const others = host.credentialKind === "none" ? [] : projects.filter((project) => !isFor(host, project));
  if (others.length === 0) return [];
  return [
    {
      code: "GIT_PROJECTS",
      ok: false,
      message: others.join(", "),
      fix: "add them to the projects that may use the credential, or move their repositories",
    },
  ];
}

async function inspectRepository(host: SourceHost, gitUrl: string, signal: AbortSignal): Promise<Finding> {
  try {
    await host.refs({ gitUrl, kind: "branch", limit: 1 }, { signal });
    return { code: "GIT_REPOSITORY", ok: true, message: gitUrl };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { ok: false, message: error.message, ...causeOf(error) };
  }
}

function causeOf({ failure, message }: AdapterError): { code: string; fix: string } {
  if (/host key/i.test(message))
    return { code: "GIT_HOST_KEY", fix: "compare the host's key with the lines of known_hosts" };
  if (failure === "unauthorized") return { code: "GIT_CREDENTIAL", fix: "give it a valid credential" };
  if (failure === "missing" || failure === "forbidden")
    return { code: "GIT_REPOSITORY", fix: "check the address, and that the account may read the repository" };
  return { code: "GIT_REACHABLE", fix: "check the host, the network and that the Git server runs" };
}
