import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";
import type { WaiverDto } from "./schema.ts";

type Verb = "ask" | "grant" | "decline" | "revoke" | "end";
const PAST = {
  ask: "asked",
  grant: "granted",
  decline: "declined",
  revoke: "revoked",
  end: "ended",
} as const satisfies Record<Verb, string>;
type WaiverNote = Pick<
  WaiverDto,
  "id" | "project" | "component" | "environment" | "subject" | "reason" | "expiresAt" | "release" | "comment"
> & { owner: { username: string } };

/** Tells what became of a waiver, and writes it down. In the caller's transaction. */
export async function noteWaiver(tx: Tx, actor: Actor | null, verb: Verb, waiver: WaiverNote): Promise<void> {
  const { id, project, component, environment, subject, reason, expiresAt, release, comment } = waiver;
  await emit(tx, {
    topics: [
      `project:${project}`,
      `environment:${project}/${environment}`,
      ...(release ? [`release:${release}`] : []),
    ],
    type: `waiver.${PAST[verb]}`,
    data: {
      id,
      project,
      environment,
      subject,
      component,
      ...(actor ? { by: { username: actor.username, displayName: actor.displayName } } : {}),
    },
  });
  const data = {
    environment,
    component,
    subject,
    reason,
    release,
    comment,
    expiresAt,
    owner: waiver.owner.username,
  };
  await recordAudit(tx, {
    actor,
    action: `waiver.${verb}`,
    subject: "waiver",
    subjectId: id,
    projectKey: project,
    data,
  });
}
