import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { connectGitApi, connectSourceHost } from "#lib/connections/git.ts";
import { refuseForeignServer } from "#lib/connections/refuse.ts";
import { systemSettings, UNCHECKED } from "#lib/connections/settings.ts";
import { encryptSecret } from "#lib/crypto.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { assertProjects } from "#lib/projects/exist.ts";
import { inspectSourceHost, inspectWebhook, shutOut } from "./check.ts";
import { inspectApi } from "./check-api.ts";
import { listSourceHosts, repositoriesByHost } from "./queries.ts";
import type { createSourceHostSchema, SourceHostDto, updateSourceHostSchema } from "./schema.ts";

const settings = systemSettings({
  subject: "source-host",
  noun: "Git host",
  list: listSourceHosts,
  find: (tx, key) => tx.sourceHost.findUnique({ where: { key } }),
  write: (tx, where, data: Prisma.SourceHostUpdateManyMutationInput) =>
    tx.sourceHost.updateMany({ where, data }),
});

type Credential = z.infer<typeof createSourceHostSchema>["credential"];

/** The columns of a credential; the secret is bound to its row. */
function columnsOf(id: string, credential: Credential) {
  const seal = (secret: string) => encryptSecret(secret, secretContext.sourceHost(id));
  const nothing = { username: null, credentialEncrypted: null, sshKnownHosts: null };
  switch (credential.kind) {
    case "none":
      return { ...nothing, credentialKind: credential.kind };
    case "password": {
      const { kind: credentialKind, username, password } = credential;
      return { ...nothing, credentialKind, username, credentialEncrypted: seal(password) };
    }
    case "ssh-key": {
      const { kind: credentialKind, privateKey, knownHosts: sshKnownHosts } = credential;
      return { ...nothing, credentialKind, sshKnownHosts, credentialEncrypted: seal(privateKey) };
    }
  }
}

/**
 * The column of the token for the API, where it stands beside an SSH key and there is an API.
 * @param token null: none
 */
function tokenColumn(
  id: string,
  at: { apiUrl: string | null; credentialKind: string },
  token: string | null,
) {
  const wanted = token !== null && at.apiUrl !== null && at.credentialKind === "ssh-key";
  return { apiTokenEncrypted: wanted ? encryptSecret(token, secretContext.sourceHostApi(id)) : null };
}

/** Plain Git has no API. */
const apiOf = ({ kind, apiUrl }: { kind: string; apiUrl: string | null }) => ({
  kind,
  apiUrl: kind === "git" ? null : apiUrl,
});

/** Whether an API is new, and on another machine than the one that the credential is for. */
function isElsewhere(after: { host: string; apiUrl: string | null }, before: { apiUrl: string | null }) {
  const [now, then] = [after.apiUrl, before.apiUrl].map((url) => (url === null ? null : new URL(url)));
  return now?.origin !== then?.origin && now?.hostname !== after.host.replace(/:\d+$/, "") && !!now;
}

/** @throws AppError INVALID_INPUT with the blocker SERVER_NETWORK_REFUSED */
async function refuseForeign(at: { host?: string | undefined; apiUrl?: string | null | undefined }) {
  if (at.host !== undefined) await refuseForeignServer("server", `ssh://${at.host}`);
  if (at.apiUrl) await refuseForeignServer("server", at.apiUrl);
}

/** One host has one credential: two rows would leave open which is meant. */
async function assertFree(tx: Tx, host: string, id?: string): Promise<void> {
  const other = await tx.sourceHost.findUnique({ where: { host }, select: { id: true, key: true } });
  if (other && other.id !== id) throw new AppError("CONFLICT", `${host} is registered as ${other.key}`);
}

/**
 * Registers a Git host; its credential is stored encrypted and used for every Git address that names the host. Admins
 * only.
 * @throws AppError FORBIDDEN; CONFLICT when the key or the host is taken
 */
export async function createSourceHost(
  input: { actor: Actor } & z.infer<typeof createSourceHostSchema>,
): Promise<SourceHostDto> {
  const { actor, credential, apiToken, ...asked } = input;
  const fields = { ...asked, ...apiOf(asked) };
  const told = { ...fields, credentialKind: credential.kind };
  requirePermission(actor, "platform.manage");
  await refuseForeign(fields);
  return settings.create({ actor, key: fields.key }, told, async (tx) => {
    await assertFree(tx, fields.host);
    await assertProjects(tx, fields.projects);
    const { id } = await tx.sourceHost.create({ data: fields, select: { id: true } });
    const at = { apiUrl: fields.apiUrl, credentialKind: credential.kind };
    await tx.sourceHost.update({
      where: { id },
      data: { ...columnsOf(id, credential), ...tokenColumn(id, at, apiToken) },
    });
  });
}

/**
 * Renames a Git host, or gives it another address, API or credential. With another address the stored credential goes,
 * unless a new one comes with it: what was meant for one host is never shown to another. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT; CONFLICT when the host is registered already
 */
export async function updateSourceHost(
  input: { actor: Actor; sourceHost: string } & z.infer<typeof updateSourceHostSchema>,
): Promise<SourceHostDto> {
  const { actor, sourceHost: key, version, credential } = input;
  requirePermission(actor, "platform.manage");
  await refuseForeign(input);
  return settings.update({ actor, key, version }, async (row, tx) => {
    const { name, host, kind, apiUrl, projects, credentialKind } = row;
    const before = { name, host, kind, apiUrl, projects, credentialKind };
    const after = {
      name: input.name ?? name,
      host: input.host ?? host,
      ...apiOf({ kind: input.kind ?? kind, apiUrl: input.apiUrl === undefined ? apiUrl : input.apiUrl }),
      projects: input.projects ?? projects,
    };
    const moved = after.host !== host || (credentialKind === "password" && isElsewhere(after, before));
    if (after.host !== row.host) await assertFree(tx, after.host, row.id);
    if (input.projects) await assertProjects(tx, input.projects);
    const given = credential ?? (moved ? { kind: "none" as const } : undefined);
    const at = { apiUrl: after.apiUrl, credentialKind: given?.kind ?? credentialKind };
    // A token is for one API: another one must not see it, and nothing else can use it.
    const stays = input.apiToken === undefined && after.apiUrl === apiUrl && at.credentialKind === "ssh-key";
    const token = stays ? null : tokenColumn(row.id, at, input.apiToken ?? null);
    const retold = given !== undefined || input.apiToken !== undefined;
    return {
      data: { ...after, ...(given && columnsOf(row.id, given)), ...token, ...(retold ? UNCHECKED : {}) },
      before,
      after: {
        ...after,
        credentialKind: at.credentialKind,
        apiToken: stays ? "kept" : token?.apiTokenEncrypted ? "replaced" : "none",
      },
      credential: credential ? "replaced" : moved ? "dropped" : "kept",
    };
  });
}

/**
 * Asks the repositories of the components on a Git host whether they can be read. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT when it was changed meanwhile
 */
export const checkSourceHost = (input: { actor: Actor; sourceHost: string }): Promise<SourceHostDto> =>
  settings.check({ actor: input.actor, key: input.sourceHost }, async (row) => {
    const repositories = (await repositoriesByHost()).get(row.host);
    const gitUrls = [...(repositories?.gitUrls ?? [])];
    return [
      ...(await inspectSourceHost(connectSourceHost(row), gitUrls)),
      ...(await inspectApi(connectGitApi(row), row, gitUrls)),
      ...inspectWebhook(row),
      ...shutOut(row, [...(repositories?.projects ?? [])]),
    ];
  });
