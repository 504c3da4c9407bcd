import { join } from "node:path";
import { basePathOf, createGitApi, isApiKind } from "#lib/adapters/git/api/create.ts";
import type { GitApi } from "#lib/adapters/git/api/git-api.ts";
import { createApiHost } from "#lib/adapters/git/api/host.ts";
import { createSourceHost } from "#lib/adapters/git/client.ts";
import type { GitCredential } from "#lib/adapters/git/config.ts";
import { withFallback } from "#lib/adapters/git/fallback.ts";
import { gitHost } from "#lib/adapters/git/remote.ts";
import type { SourceHost } from "#lib/adapters/ports.ts";
import { decryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { env } from "#lib/env.ts";
import { AdapterError } from "#lib/errors.ts";
import type { SourceHost as Row } from "#lib/generated/prisma/client.ts";
import { cached, secretContext } from "./connect.ts";
import { admittedAddresses, refuseServer } from "./networks.ts";
import { guardSockets, serverNetworks } from "./where.ts";

/**
 * Git for one project: each address with the credential registered for its host, where that is for the project. Every
 * method throws AdapterError as lib/adapters/git does; `invalid` where no Git host may be, `forbidden` where only a credential of others would open.
 * @param project its key
 */
export function sourceHost(project: string): SourceHost {
  const at = (gitUrl: string) => connectFor(project, gitUrl);
  return {
    refs: async (input, options) => (await at(input.gitUrl)).refs(input, options),
    commits: async (input, options) => (await at(input.gitUrl)).commits(input, options),
    resolve: async (input, options) => (await at(input.gitUrl)).resolve(input, options),
    commit: async (input, options) => (await at(input.gitUrl)).commit(input, options),
    between: async (input, options) => (await at(input.gitUrl)).between(input, options),
  };
}

/** Whether a project may use the credential of a Git host. */
export const isFor = (host: { projects: string[] }, project: string): boolean =>
  host.projects.length === 0 || host.projects.includes(project);

async function connectFor(project: string, gitUrl: string): Promise<SourceHost> {
  const name = gitHost(gitUrl);
  if (name !== null) refuseServer(serverNetworks(), `ssh://${name}`);
  const row = name === null ? null : await db.sourceHost.findUnique({ where: { host: name } });
  if (!row) return open();
  return isFor(row, project) ? connectSourceHost(row) : refusing(open(), row.key, project);
}

/** Git without a credential. Its mirrors are apart: what a credential has fetched is not for everybody. */
const open = (): SourceHost =>
  cached("git", "", () => gitIn(join(/*turbopackIgnore: true*/ env.CACHE_DIR, "open")));

/** What git itself asks is looked at just before, as its own connections cannot be. */
function gitIn(cacheDir: string, credentials: GitCredential[] = []): SourceHost {
  guardSockets();
  const admit = (server: string) => admittedAddresses(serverNetworks(), server);
  return createSourceHost({ cacheDir, credentials, admit });
}

/** A registered Git host with its credential, whoever asks: by its API where it has one, else by Git. */
export function connectSourceHost(row: Row): SourceHost {
  const { kind, apiUrl } = row;
  const git = connectGit(row);
  if (apiUrl === null || !isApiKind(kind)) return git;
  const { credentialKind, username, credentialEncrypted, apiTokenEncrypted } = row;
  const secrets = [credentialKind, username, credentialEncrypted, apiTokenEncrypted];
  const stamp = [kind, apiUrl, row.host, ...secrets].join("\n");
  return cached(`source-host-api:${row.id}`, stamp, () =>
    withFallback(createApiHost(createGitApi(kind, apiUrl, tokenOf(row)), basePathOf(apiUrl)), git),
  );
}

/** The API of a registered Git host; null where it has none. For its own check. */
export function connectGitApi({ kind, apiUrl, ...row }: Row): GitApi | null {
  return apiUrl === null || !isApiKind(kind) ? null : createGitApi(kind, apiUrl, tokenOf(row));
}

/** A password is sent to an API as its token; a private key is for SSH alone, and may have a token beside it. */
function tokenOf(
  row: Pick<Row, "id" | "credentialKind" | "credentialEncrypted" | "apiTokenEncrypted">,
): string | null {
  if (row.apiTokenEncrypted) return decryptSecret(row.apiTokenEncrypted, secretContext.sourceHostApi(row.id));
  return row.credentialKind === "password" && row.credentialEncrypted
    ? decryptSecret(row.credentialEncrypted, secretContext.sourceHost(row.id))
    : null;
}

function connectGit(row: Row): SourceHost {
  const { credentialEncrypted, username, sshKnownHosts } = row;
  if (!credentialEncrypted) return open();
  const stamp = [row.host, row.credentialKind, username, sshKnownHosts, credentialEncrypted].join("\n");
  return cached(`source-host:${row.id}`, stamp, () => {
    const secret = decryptSecret(credentialEncrypted, secretContext.sourceHost(row.id));
    const credential: GitCredential =
      row.credentialKind === "ssh-key"
        ? { host: row.host, privateKey: secret, knownHosts: sshKnownHosts ?? "" }
        : { host: row.host, username: username ?? "", password: secret };
    const cacheDir = join(/*turbopackIgnore: true*/ env.CACHE_DIR, row.id);
    return gitIn(cacheDir, [credential]);
  });
}

/** Says why nobody is let in: there is a credential, and it is not for this project. */
function refusing(host: SourceHost, key: string, project: string): SourceHost {
  const told = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof AdapterError) || error.retryable || error.failure === "invalid") throw error;
      throw new AdapterError("forbidden", `the credential of Git host ${key} is not for project ${project}`, {
        cause: error,
      });
    }
  };
  return {
    refs: (input, options) => told(host.refs(input, options)),
    commits: (input, options) => told(host.commits(input, options)),
    resolve: (input, options) => told(host.resolve(input, options)),
    commit: (input, options) => told(host.commit(input, options)),
    between: (input, options) => told(host.between(input, options)),
  };
}
