import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";

/** What a copy is told by. */
export const copyNamesSelect = {
  id: true,
  repository: true,
  digest: true,
  artifact: {
    select: {
      image: true,
      item: {
        select: {
          component: { select: { key: true, registryId: true } },
          release: { select: { number: true, project: { select: { key: true } } } },
        },
      },
    },
  },
  registry: { select: { key: true, url: true } },
} as const;
type CopyNames = {
  id: string;
  repository: string;
  digest: string;
  artifact: {
    image: string;
    item: { component: { key: string }; release: { number: string; project: { key: string } } };
  };
  registry: { key: string };
};
type Verb = "ask" | "retry" | "start" | "finish" | "wait" | "fail" | "lose";
/** What is told on the page and forgotten: the audit names who asked and how it ended. */
const UNRECORDED: readonly Verb[] = ["start", "wait"];

/** Tells what became of a copy, and writes it down. In the caller's transaction. */
export async function noteCopy(
  tx: Tx,
  actor: Actor | null,
  verb: Verb,
  copy: CopyNames,
  data: Record<string, unknown> = {},
): Promise<void> {
  const { component, release } = copy.artifact.item;
  const names = { release: release.number, component: component.key, registry: copy.registry.key };
  await emit(tx, {
    topics: [`release:${release.number}`, `project:${release.project.key}`],
    type: `image_copy.${verb}`,
    data: { id: copy.id, project: release.project.key, ...names },
  });
  if (UNRECORDED.includes(verb)) return;
  await recordAudit(tx, {
    actor,
    action: `image_copy.${verb}`,
    subject: "image_copy",
    subjectId: copy.id,
    projectKey: release.project.key,
    data: { ...names, repository: copy.repository, digest: copy.digest, ...data },
  });
}
