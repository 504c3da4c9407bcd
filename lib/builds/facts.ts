import { type BuildServerRow, buildServerOf } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { sendsAtOnce } from "./sending-process.ts";
import { readServers } from "./server-choice.ts";

/** What a build is made from beside its commit. */
export type BuildFacts = Awaited<ReturnType<typeof readBuildFacts>>;
export type BuiltComponent = BuildFacts["components"][number];

/**
 * How some components are built, where that may happen, and how long it usually takes. Read before the transaction that
 * starts the builds, and all at once: nothing in it is under a release's lock.
 */
export async function readBuildFacts(componentIds: readonly string[]) {
  const [components, servers, usual] = await Promise.all([
    componentsToBuild(componentIds),
    readServers(db),
    usualDurations(componentIds),
  ]);
  askAhead(servers.filter(({ id }) => components.some(({ buildServerId }) => buildServerId === id)));
  return { components, servers, usual };
}

/**
 * What a job declares is asked before a build is sent and remembered for a minute. The answer comes while refs and
 * records still take their time; one that fails is asked for again by whoever sends.
 */
function askAhead(servers: readonly { row: BuildServerRow; disabled: boolean }[]): void {
  if (!sendsAtOnce()) return;
  const ask = async (row: BuildServerRow) => buildServerOf(row).undeclaredParameters([]);
  for (const { row, disabled } of servers) if (!disabled) ask(row).catch(() => undefined);
}

const componentsToBuild = (componentIds: readonly string[]) =>
  db.component.findMany({
    relationLoadStrategy: "join",
    where: { id: { in: [...componentIds] } },
    select: {
      id: true,
      key: true,
      gitUrl: true,
      subPath: true,
      dockerfile: true,
      baseImage: true,
      buildCommand: true,
      artifactPath: true,
      buildServerId: true,
      buildLabel: true,
      registryId: true,
      registry: { select: { url: true } },
      project: { select: { id: true, key: true, maxBuilds: true, supersedeQueuedBuilds: true } },
      variables: {
        select: { name: true, secret: true, value: true, valueEncrypted: true, version: true },
        orderBy: { name: "asc" },
      },
    },
  });

/** The median duration of each component's last ten successful builds, milliseconds. */
async function usualDurations(componentIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ id: string; ms: number | null }[]>`
    SELECT c.id, (
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM last."endedAt" - last."startedAt") * 1000)
      FROM (
        SELECT b."startedAt", b."endedAt" FROM "Build" b JOIN "ReleaseItem" i ON i.id = b."itemId"
        WHERE i."componentId" = c.id AND b.state = 'succeeded' AND b."startedAt" IS NOT NULL AND b."endedAt" IS NOT NULL
        ORDER BY b.id DESC LIMIT 10
      ) last
    )::float8 AS ms
    FROM "Component" c WHERE c.id = ANY(${[...componentIds]}::uuid[])`;
  return new Map(rows.flatMap(({ id, ms }) => (ms === null ? [] : [[id, Math.round(ms)] as const])));
}
