import { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { gitHost } from "#lib/adapters/git/remote.ts";
import { findingSchema } from "#lib/clusters/schema.ts";
import { db } from "#lib/db.ts";
import { webhookUrl } from "#lib/webhooks/secret.ts";
import { type SourceHostDto, sourceHostSchema } from "./schema.ts";

type Repositories = { gitUrls: Set<string>; projects: Set<string>; components: number };

/** Of each host that components' Git addresses name: the addresses, the projects, and how many components there are. */
export async function repositoriesByHost(): Promise<Map<string, Repositories>> {
  const rows = await db.component.findMany({
    where: { archivedAt: null },
    orderBy: { gitUrl: "asc" },
    select: { gitUrl: true, project: { select: { key: true } } },
  });
  const hosts = new Map<string, Repositories>();
  for (const { gitUrl, project } of rows) {
    const host = gitHost(gitUrl);
    if (host === null) continue;
    const known = hosts.get(host) ?? { gitUrls: new Set(), projects: new Set(), components: 0 };
    known.gitUrls.add(gitUrl);
    known.projects.add(project.key);
    known.components += 1;
    hosts.set(host, known);
  }
  return hosts;
}

/** Registered Git hosts by key; credentials stay behind. Admins only. */
export async function listSourceHosts(actor: Actor): Promise<{ items: SourceHostDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const [rows, repositories] = await Promise.all([
    db.sourceHost.findMany({
      orderBy: { key: "asc" },
      include: {
        deliveries: {
          // What was not believed says nothing of the Git host.
          where: { NOT: { outcome: "refused", repository: "" } },
          orderBy: { id: "desc" },
          take: 1,
          select: { receivedAt: true },
        },
      },
    }),
    repositoriesByHost(),
  ]);
  return {
    items: rows.map((row) => ({
      key: row.key,
      name: row.name,
      kind: sourceHostSchema.shape.kind.parse(row.kind),
      apiUrl: row.apiUrl,
      host: row.host,
      credentialKind: sourceHostSchema.shape.credentialKind.parse(row.credentialKind),
      username: row.username,
      sshKnownHosts: row.sshKnownHosts,
      apiToken: row.apiTokenEncrypted !== null,
      projects: row.projects,
      webhookUrl: webhookUrl(row.key),
      webhookSecret: row.webhookSecretEncrypted !== null,
      lastDeliveryAt: row.deliveries[0]?.receivedAt.toISOString() ?? null,
      checkedAt: row.checkedAt?.toISOString() ?? null,
      findings: z.array(findingSchema).catch([]).parse(row.checkResult),
      components: repositories.get(row.host)?.components ?? 0,
      version: row.version,
    })),
    nextCursor: null,
  };
}
