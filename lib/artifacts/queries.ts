import { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { readChain } from "#lib/base-images/chain.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { reasonsToKeep } from "#lib/kept-images/queries.ts";
import { commitPage, gitHostOf } from "./commit-page.ts";
import { artifactContentSchema } from "./content.ts";
import { registriesInclude, registriesOf } from "./registries.ts";
import { runsOf } from "./running.ts";
import type { ArtifactDto } from "./schema.ts";

const person = { select: { username: true, displayName: true } };
const decisionSchema = z.enum(["approve", "reject"]);

/**
 * An artifact with all that is known of where it comes from and where it is.
 * @param input.id its id, or a digest; of several artifacts of one digest, the release order's or the newest
 * @throws AppError NOT_FOUND
 */
export async function getArtifact(
  actor: Actor,
  input: { id: string; release?: string },
): Promise<ArtifactDto> {
  const { id, release: number } = input;
  const projects = readableProjects(actor);
  const row = await db.artifact.findFirst({
    where: {
      ...(id.startsWith("sha256:") ? { digest: id } : { id }),
      item: {
        release: { ...(projects ? { projectId: { in: projects } } : {}), ...(number ? { number } : {}) },
      },
    },
    orderBy: { createdAt: "desc" },
    include: {
      ...registriesInclude,
      build: { select: { id: true, attempt: true, number: true, endedAt: true, triggeredBy: person } },
      item: {
        include: {
          component: { select: { id: true, key: true, name: true, gitUrl: true, registryId: true } },
          release: { include: { project: { select: { key: true, name: true } } } },
        },
      },
    },
  });
  if (!row) throw new AppError("NOT_FOUND", "no such artifact");
  const { item, build } = row;
  const { release, component } = item;
  const host = gitHostOf(component.gitUrl);
  const content = artifactContentSchema.nullable().parse(row.content);
  const [runs, kept, approvals, sourceHost, bases, registries] = await Promise.all([
    runsOf(component, row.digest),
    reasonsToKeep(actor, row.digest),
    approvalsOf(release.id),
    host === null ? null : db.sourceHost.findUnique({ where: { host }, select: { kind: true } }),
    readChain(row.baseVersionId, content),
    registriesOf(row, component, can(actor.rights, "release.write", release.projectId)),
  ]);
  return {
    id: row.id,
    project: release.project.key,
    projectName: release.project.name,
    release: release.number,
    releaseTitle: release.title,
    component: component.key,
    componentName: component.name,
    image: row.image,
    digest: row.digest,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    createdAt: row.createdAt.toISOString(),
    ref: item.ref,
    commit: row.commit,
    commitSubject: item.commitSubject,
    commitAuthor: item.commitAuthor,
    commitUrl: commitPage(sourceHost, component.gitUrl, row.commit),
    build: { ...build, endedAt: build.endedAt?.toISOString() ?? null },
    content,
    registries,
    bases,
    runs,
    kept,
    approvals,
  };
}

async function approvalsOf(releaseId: string): Promise<ArtifactDto["approvals"]> {
  const rows = await db.approval.findMany({
    where: { plan: { releaseId } },
    orderBy: { createdAt: "desc" },
    select: {
      decision: true,
      createdAt: true,
      voidedAt: true,
      user: person,
      plan: { select: { digest: true, environment: { select: { key: true } } } },
    },
  });
  return rows.map(({ decision, createdAt, voidedAt, user, plan }) => ({
    environment: plan.environment.key,
    plan: plan.digest,
    decision: decisionSchema.parse(decision),
    person: user,
    createdAt: createdAt.toISOString(),
    voided: voidedAt !== null,
  }));
}
