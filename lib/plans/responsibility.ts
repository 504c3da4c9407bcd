import type { z } from "zod";
import type { Tx } from "#lib/db.ts";
import type { responsibilitySchema } from "./schema.ts";

const person = { select: { username: true, displayName: true } };

/** Who wrote, raised, built, let in and judged what a release order carries. */
export async function responsibilityOf(
  tx: Tx,
  releaseId: string,
): Promise<z.infer<typeof responsibilitySchema>> {
  const release = await tx.release.findUniqueOrThrow({
    where: { id: releaseId },
    select: {
      createdBy: person,
      items: {
        orderBy: { component: { key: "asc" } },
        select: {
          commit: true,
          commitSubject: true,
          commitAuthor: true,
          component: { select: { key: true } },
          artifact: { select: { build: { select: { triggeredBy: person } } } },
        },
      },
      stages: {
        orderBy: { environment: { rank: "asc" } },
        select: {
          state: true,
          verdictAt: true,
          verdictComment: true,
          environment: { select: { key: true } },
          enteredBy: person,
          verdictBy: person,
        },
      },
    },
  });
  return {
    createdBy: release.createdBy,
    items: release.items.map((item) => ({
      component: item.component.key,
      commit: item.commit,
      subject: item.commitSubject,
      author: item.commitAuthor,
      builtBy: item.artifact?.build.triggeredBy ?? null,
    })),
    stages: release.stages.map((stage) => ({
      environment: stage.environment.key,
      state: stage.state,
      enteredBy: stage.enteredBy,
      testedBy: stage.verdictBy,
      verdict: stage.verdictBy ? (stage.state === "rejected" ? "reject" : "pass") : null,
      verdictAt: stage.verdictAt?.toISOString() ?? null,
      comment: stage.verdictComment,
    })),
  };
}
