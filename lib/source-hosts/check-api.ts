import { basePathOf } from "#lib/adapters/git/api/create.ts";
import type { GitApi } from "#lib/adapters/git/api/git-api.ts";
import { gitPath } from "#lib/adapters/git/remote.ts";
import type { Finding } from "#lib/clusters/schema.ts";
import { AdapterError } from "#lib/errors.ts";

const TIMEOUT_MS = 30_000;
const MAX_REPOSITORIES = 10;
/** With less of its hour's questions left, a Git host soon answers by Git alone. */
const FEW_LEFT = 100;

/**
 * Asks the API of a Git host what it is, as whom it takes us, and which repositories it shows us.
 * @returns findings API_REACHABLE (message: the version), API_USER or API_ANONYMOUS, API_LIMIT, and API_REPOSITORY for
 * each repository that it does not show; none without an API
 */
export async function inspectApi(
  api: GitApi | null,
  row: { apiUrl: string | null; credentialKind: string },
  gitUrls: readonly string[],
): Promise<Finding[]> {
  if (api === null || row.apiUrl === null) return [];
  const options = { signal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    const { version, user, left } = await api.identify(options);
    const findings: Finding[] = [
      { code: "API_REACHABLE", ok: true, message: version ?? row.apiUrl },
      user === null ? anonymous(row) : { code: "API_USER", ok: true, message: user },
    ];
    if (left !== null) {
      const fix = left > FEW_LEFT ? {} : { fix: "wait, or give it a token with a higher limit" };
      findings.push({ code: "API_LIMIT", ok: left > FEW_LEFT, message: String(left), ...fix });
    }
    const base = basePathOf(row.apiUrl);
    for (const gitUrl of gitUrls.slice(0, MAX_REPOSITORIES)) {
      const path = gitPath(gitUrl)?.replace(/\.git$/, "") ?? "";
      const repository = base !== "" && path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
      if (await mayRead(api, repository, options)) continue;
      findings.push({
        code: "API_REPOSITORY",
        ok: false,
        message: repository,
        fix: "give the token the right to read the repository through the API; Git is asked meanwhile",
      });
    }
    return findings;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return [{ ok: false, message: error.message, ...causeOf(error) }];
  }
}

/** A key is for Git over SSH alone: beside one it is a lack, without any credential it is meant so. */
function anonymous(row: { apiUrl: string | null; credentialKind: string }): Finding {
  const told = { code: "API_ANONYMOUS", message: row.apiUrl ?? "" };
  return row.credentialKind === "ssh-key"
    ? { ...told, ok: false, fix: "give it an API token beside the SSH key; Git is asked meanwhile" }
    : { ...told, ok: true };
}

/** A path that this API has no repositories at is one that it does not show. */
async function mayRead(api: GitApi, repository: string, options: { signal: AbortSignal }): Promise<boolean> {
  try {
    return await api.mayRead(repository, options);
  } catch (error) {
    if (error instanceof AdapterError && !error.retryable) return false;
    throw error;
  }
}

function causeOf({ failure }: AdapterError): { code: string; fix: string } {
  if (failure === "unauthorized" || failure === "forbidden")
    return { code: "API_USER", fix: "give it a valid access token with the right to read the API" };
  if (failure === "throttled")
    return { code: "API_LIMIT", fix: "wait, or give it a token with a higher limit" };
  if (failure === "unreachable")
    return { code: "API_REACHABLE", fix: "check the address, the network and that the server runs" };
  return { code: "API_REACHABLE", fix: "check the address: no such API answers there" };
}
