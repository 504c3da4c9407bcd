import type { FormData, OpenOrder, Version } from "#components/releases/form/form-data.ts";
import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { listComponents } from "#lib/components/queries.ts";
import { db } from "#lib/db.ts";
import { matrixOf } from "#lib/home/matrix.ts";
import { readProject } from "#lib/projects/queries.ts";
import { UNFINISHED_RELEASES } from "#lib/releases/state.ts";
import { databaseTime } from "#lib/stages/time.ts";

const MOST_OPEN = 50;

/**
 * What the form needs of a project: its components with what runs of each in every environment, and the other orders
 * that carry them. `except` is the order that is being changed.
 * @throws AppError NOT_FOUND
 */
export async function loadFormData(actor: Actor, projectKey: string, except?: string): Promise<FormData> {
  const project = await readProject(actor, projectKey);
  const [{ items }, [matrix], open] = await Promise.all([
    listComponents(actor, project.key),
    databaseTime(db).then((now) => matrixOf([project.id], now)),
    openOrders(project.id, except),
  ]);
  const cells =
    matrix?.components.flatMap(({ key, cells: row }) => row.map((cell) => ({ key, ...cell }))) ?? [];
  const commits = await commitsOf([...new Set(cells.flatMap(({ release }) => release ?? []))]);
  return {
    project: { key: project.key, name: project.name },
    mayWrite: can(actor.rights, "release.write", project.id),
    environments: (matrix?.environments ?? []).map(({ key, heldFor, heldBy, queue }) => ({
      key,
      heldFor,
      heldBy: heldBy?.displayName ?? null,
      queue,
    })),
    components: items
      .filter(({ archived }) => !archived)
      .map(({ key, name, kind, defaultRef }) => ({
        key,
        name,
        kind,
        defaultRef,
        versions: cells.flatMap((cell): Version[] =>
          cell.key === key && cell.release !== null
            ? [
                {
                  environment: cell.environment,
                  release: cell.release,
                  commit: commits.get(`${cell.release} ${key}`) ?? null,
                },
              ]
            : [],
        ),
        open: open.filter(({ component }) => component === key),
      })),
  };
}

/** Commit by `<release> <component>`. */
async function commitsOf(numbers: string[]): Promise<Map<string, string | null>> {
  const rows = await db.releaseItem.findMany({
    where: { release: { number: { in: numbers } } },
    select: {
      commit: true,
      artifact: { select: { commit: true } },
      component: { select: { key: true } },
      release: { select: { number: true } },
    },
  });
  return new Map(
    rows.map((row) => [`${row.release.number} ${row.component.key}`, row.artifact?.commit ?? row.commit]),
  );
}

async function openOrders(
  projectId: string,
  except: string | undefined,
): Promise<(OpenOrder & { component: string })[]> {
  const rows = await db.releaseItem.findMany({
    where: {
      release: {
        projectId,
        state: { in: [...UNFINISHED_RELEASES] },
        ...(except === undefined ? {} : { number: { not: except } }),
        stages: { none: { state: { in: ["rejected", "rolled_back", "superseded"] } } },
      },
    },
    orderBy: { release: { id: "desc" } },
    take: MOST_OPEN,
    select: {
      ref: true,
      commit: true,
      component: { select: { key: true } },
      release: { select: { number: true, title: true } },
    },
  });
  return rows.map(({ ref, commit, component, release }) => ({
    ...release,
    ref,
    commit,
    component: component.key,
  }));
}
