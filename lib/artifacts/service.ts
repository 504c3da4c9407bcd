import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";
import { sendInspection } from "./record.ts";

/**
 * Has every registry that has the image asked now, instead of within a day; whoever may read the project may ask.
 * @param input.id its id, or a digest: then each artifact of it that the actor may read
 * @throws AppError NOT_FOUND
 */
export async function inspectArtifact({ actor, id }: { actor: Actor; id: string }): Promise<undefined> {
  const projects = readableProjects(actor);
  await transaction(async (tx) => {
    const rows = await tx.artifact.findMany({
      where: {
        ...(id.startsWith("sha256:") ? { digest: id } : { id }),
        ...(projects ? { item: { release: { projectId: { in: projects } } } } : {}),
      },
      orderBy: { id: "asc" },
      select: {
        id: true,
        digest: true,
        item: { select: { release: { select: { number: true, project: { select: { key: true } } } } } },
      },
    });
    if (rows.length === 0) throw new AppError("NOT_FOUND", "no such artifact");
    for (const { id: artifactId, digest, item } of rows) {
      await sendInspection(tx, artifactId);
      await recordAudit(tx, {
        actor,
        action: "artifact.inspect",
        subject: "artifact",
        subjectId: artifactId,
        projectKey: item.release.project.key,
        data: { release: item.release.number, digest },
      });
    }
  });
}
