import { type BuildServerRow, buildServerSelect } from "#lib/connections/connect.ts";
import type { Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";

export type ServerFacts = {
  id: string;
  key: string;
  disabled: boolean;
  labels: readonly string[];
  /** Keys of the projects that may build there; empty: every one. */
  projects: readonly string[];
  /** Builds that wait or run there. */
  open: number;
};
export type Asker = { key: string; project: string; buildServerId: string; buildLabel: string };

/** Every registered build server with what is built on it now, and how to speak to it. */
export async function readServers(tx: Tx): Promise<(ServerFacts & { name: string; row: BuildServerRow })[]> {
  const rows = await tx.buildServer.findMany({
    relationLoadStrategy: "join",
    select: {
      ...buildServerSelect,
      name: true,
      disabledAt: true,
      labels: true,
      projects: true,
      _count: { select: { builds: { where: { state: { in: ["queued", "running"] } } } } },
    },
    orderBy: { key: "asc" },
  });
  return rows.map(({ disabledAt, name, labels, projects, _count, ...row }) => ({
    id: row.id,
    key: row.key,
    name,
    labels,
    projects,
    row,
    disabled: disabledAt !== null,
    open: _count.builds,
  }));
}

/**
 * Where a component is built: on its own server, or, when it asks for a label, on whichever has the label and the fewest
 * builds (then the first by key).
 * @returns id of the server, or why there is none
 */
export function chooseServer(
  component: Asker,
  servers: readonly ServerFacts[],
): { id: string } | { blocker: Blocker } {
  const { key, project, buildLabel } = component;
  const isOpen = ({ projects }: ServerFacts) => projects.length === 0 || projects.includes(project);
  if (buildLabel !== "") {
    const fit = servers.filter((server) => server.labels.includes(buildLabel));
    const [best] = fit
      .filter((server) => !server.disabled && isOpen(server))
      .toSorted((a, b) => a.open - b.open || (a.key < b.key ? -1 : 1));
    if (best) return { id: best.id };
    return { blocker: refusal("NO_BUILD_SERVER", { component: key, label: buildLabel }) };
  }
  const own = servers.find(({ id }) => id === component.buildServerId);
  if (!own) throw new Error(`component ${key} is on a build server that is not registered`);
  const facts = { component: key, server: own.key };
  if (own.disabled) return { blocker: refusal("BUILD_SERVER_DISABLED", facts) };
  if (!isOpen(own)) return { blocker: refusal("BUILD_SERVER_CLOSED", facts) };
  return { id: own.id };
}

function refusal(code: string, facts: Record<string, string>): Blocker {
  return { code, message: `${code}: ${Object.values(facts).join(", ")}`, facts, liftedBy: ["admin"] };
}
