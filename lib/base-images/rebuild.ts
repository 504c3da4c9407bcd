import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { createRelease } from "#lib/releases/service.ts";
import { MAX_ITEMS } from "#lib/releases/state.ts";
import { transaction } from "#lib/transaction.ts";
import { type PlacedComponent, placedDto, readStanding } from "./queries.ts";
import type { RebuildPreviewDto, RebuiltDto, rebuildSchema } from "./schema.ts";

type Group = {
  projectId: string;
  project: string;
  projectName: string;
  mayCreate: boolean;
  on: PlacedComponent[];
};

/** What is behind, by project, of those that the actor may read. */
function groups(actor: Actor, on: readonly PlacedComponent[]): Group[] {
  const found = new Map<string, Group>();
  for (const one of on) {
    const { projectId, project, projectName } = one.placement;
    if (one.standing !== "behind" || !can(actor.rights, "project.read", projectId)) continue;
    const group = found.get(projectId) ?? {
      ...{ projectId, project, projectName },
      mayCreate: can(actor.rights, "release.write", projectId),
      on: [],
    };
    group.on.push(one);
    found.set(projectId, group);
  }
  return [...found.values()];
}

/** The release orders that a rebuild on the newest version would raise now. @throws AppError NOT_FOUND */
export async function previewRebuild(actor: Actor, key: string): Promise<RebuildPreviewDto> {
  const base = await readStanding(key);
  return {
    base: key,
    reference: base.reference,
    digest: base.digest,
    projects: groups(actor, base.on).map(({ project, projectName, mayCreate, on }) => ({
      project,
      projectName,
      mayCreate,
      components: on.map(placedDto),
    })),
    rebuilding: base.on.flatMap(({ placement, rebuild }) =>
      rebuild === null || !can(actor.rights, "project.read", placement.projectId)
        ? []
        : [{ project: placement.project, component: placement.component, release: rebuild }],
    ),
  };
}

/**
 * Raises one release order a project with its components that are behind, each at the commit that it was built from
 * last: only the base changes. A component is not taken twice for one base version, however often this is called,
 * unless its release order was abandoned. A project that is refused does not hold back the others.
 * @throws AppError NOT_FOUND; VERSION_CONFLICT when the tag points elsewhere by now
 */
export async function rebuildOnBase(
  input: { actor: Actor; base: string } & z.output<typeof rebuildSchema>,
): Promise<RebuiltDto> {
  const { actor, base: key, title, build } = input;
  const base = await readStanding(key);
  const { currentId } = base;
  if (currentId === null || base.digest !== input.digest) {
    throw new AppError("VERSION_CONFLICT", "the base image has moved on meanwhile");
  }
  const wanted = groups(actor, base.on).filter(({ project, mayCreate }) =>
    input.projects ? input.projects.includes(project) : mayCreate,
  );
  const done: RebuiltDto = { releases: [], refused: [] };
  for (const { project, on } of wanted) {
    for (let from = 0; from < on.length; from += MAX_ITEMS) {
      const part = on.slice(from, from + MAX_ITEMS);
      try {
        const { number } = await createRelease(
          {
            actor,
            project,
            title,
            description: `${base.reference}@${input.digest}`,
            items: part.map(({ placement }) => ({
              component: placement.component,
              ref: placement.source.commit,
            })),
            build,
          },
          (tx, release) => claim(tx, currentId, release.id, part),
        );
        done.releases.push({ project, release: number });
      } catch (error) {
        if (!(error instanceof AppError || error instanceof AdapterError)) throw error;
        done.refused.push({ project, ...refusalOf(error) });
      }
    }
  }
  await transaction((tx) =>
    recordAudit(tx, {
      actor,
      action: "base-image.rebuild",
      subject: "base-image",
      subjectId: key,
      projectKey: null,
      data: { digest: input.digest, ...done },
    }),
  );
  return done;
}

const refusalOf = (error: AppError | AdapterError): Omit<RebuiltDto["refused"][number], "project"> => {
  const { message } = error;
  if (error instanceof AppError) return { code: error.code, message, blockers: [...error.blockers] };
  const code = error.failure === "unreachable" ? "UPSTREAM_UNREACHABLE" : "UPSTREAM_FAILED";
  return { code, message, blockers: [] };
};

/** Notes which release order builds which component on the version. The second of two at the same time is refused. */
async function claim(
  tx: Tx,
  baseVersionId: string,
  releaseId: string,
  on: readonly PlacedComponent[],
): Promise<void> {
  for (const { placement } of on) {
    const { componentId } = placement;
    await tx.baseRebuild.deleteMany({
      where: { baseVersionId, componentId, release: { state: "abandoned" } },
    });
    const { count } = await tx.baseRebuild.createMany({
      data: { baseVersionId, componentId, releaseId },
      skipDuplicates: true,
    });
    if (count > 0) continue;
    const { component } = placement;
    const message = `${component} is being rebuilt already`;
    const blockers = [{ code: "BASE_REBUILDING", message, facts: { component }, liftedBy: ["system"] }];
    throw new AppError("CONFLICT", message, { blockers });
  }
}
