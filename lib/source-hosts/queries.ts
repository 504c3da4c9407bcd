import { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { gitHost } from "#lib/adapters/git/remote.ts";
import { findingSchema } from "#lib/clusters/schema.ts";
import { db } from "#lib/db.ts";
import { type SourceHostDto, sourceHostSchema } from "./schema.ts";

/** Git addresses of components by the host that they name, each once; how many components there are of each host. */
export async function repositoriesByHost(): Promise<Map<string, { gitUrls: string[]; components: number }>> {
  const rows = await db.component.groupBy({
    by: ["gitUrl"],
    where: { archivedAt: null },
    _count: true,
    orderBy: { gitUrl: "asc" },
  });
  const hosts = new Map<string, { gitUrls: string[]; components: number }>();
  for (const { gitUrl, _count } of rows) {
    const host = gitHost(gitUrl);
    if (host === null) continue;
    const known = hosts.get(host) ?? { gitUrls: [], components: 0 };
    hosts.set(host, { gitUrls: [...known.gitUrls, gitUrl], components: known.components + _count });
  }
  return hosts;
}

/** Registered Git hosts by key; credentials stay behind. Admins only. */
export async function listSourceHosts(actor: Actor): Promise<{ items: SourceHostDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const [rows, repositories] = await Promise.all([
    db.sourceHost.findMany({ orderBy: { key: "asc" } }),
    repositoriesByHost(),
  ]);
  return {
    items: rows.map((row) => ({
      key: row.key,
      name: row.name,
      host: row.host,
      credentialKind: sourceHostSchema.shape.credentialKind.parse(row.credentialKind),
      username: row.username,
      sshKnownHosts: row.sshKnownHosts,
      checkedAt: row.checkedAt?.toISOString() ?? null,
      findings: z.array(findingSchema).catch([]).parse(row.checkResult),
      components: repositories.get(row.host)?.components ?? 0,
      version: row.version,
    })),
    nextCursor: null,
  };
}
