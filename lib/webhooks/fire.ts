import { type Actor, loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { withLease } from "#lib/queue/lease.ts";
import { createRelease, updateRelease } from "#lib/releases/service.ts";
import type { DeliveryDetail, RuleOutcome } from "./schema.ts";

export type Rule = {
  id: string;
  build: boolean;
  createdById: string;
  project: { key: string };
  component: { key: string };
};
export type Push = {
  id: string;
  /** Key of the Git host. */
  host: string;
  event: string;
  repository: string;
  ref: string;
  commit: string | null;
  detail: DeliveryDetail;
};

const BUSY_SECONDS = 1;
const RETRY_SECONDS = 30;
const MAX_TITLE = 200;
/** Release orders of one rule: a mirror that pushes a thousand branches must not start a thousand builds. */
const MAX_ORDERS = { orders: 30, minutes: 10 };

/**
 * Lets one push make what one rule says, in the name of the rule's writer: a release order at the pushed commit whose
 * builds start, or a draft. A draft follows its ref until somebody builds it, so that a later push gives an open one
 * another title instead of making a second. One push makes at most one order of a rule, however often this is tried.
 * @param patient whether a Git host that does not answer is worth another try
 * @returns what came of it, or in how many seconds to try again
 */
export async function fireRule(rule: Rule, push: Push, patient: boolean): Promise<RuleOutcome | number> {
  const told = { rule: rule.id, project: rule.project.key, component: rule.component.key };
  // Two pushes at once must not both find that there is no draft.
  const lease = await withLease(`webhook-rule:${rule.id}`, () => fire(rule, push)).catch((error: unknown) => {
    const code = codeOf(error, patient);
    return { held: true as const, result: code === null ? RETRY_SECONDS : { release: null, code } };
  });
  if (!lease.held) return BUSY_SECONDS;
  return typeof lease.result === "number" ? lease.result : { ...told, ...lease.result };
}

async function fire(rule: Rule, push: Push): Promise<{ release: string | null; code: string | null }> {
  const before = await madeBefore(rule, push);
  if (before) return before;
  const actor = await loadActor(rule.createdById);
  if (!actor) return { release: null, code: "WRITER_GONE" };
  const title = titleOf(push);
  const draft = rule.build ? null : await openDraft(rule.id, push.ref);
  if (draft) {
    await updateRelease({ actor, number: draft.number, version: draft.version, title });
    return { release: draft.number, code: "DRAFT_FOLLOWS" };
  }
  if (await isBusy(rule.id)) return { release: null, code: "RULE_BUSY" };
  return { release: await create(actor, rule, push, title), code: null };
}

/** Whether a rule has just made as many release orders as it may at once. */
async function isBusy(ruleId: string): Promise<boolean> {
  const since = new Date(Date.now() - MAX_ORDERS.minutes * 60_000);
  const made = await db.release.count({ where: { ruleId, createdAt: { gte: since } } });
  return made >= MAX_ORDERS.orders;
}

/** The order of this very push, or of the same commit on the same ref: a push that is sent twice is no news. */
async function madeBefore(rule: Rule, push: Push) {
  const own = await db.release.findUnique({
    where: { ruleId_deliveryId: { ruleId: rule.id, deliveryId: push.id } },
    select: { number: true },
  });
  if (own) return { release: own.number, code: null };
  if (!rule.build || push.event === "tag") return null;
  const same = await db.release.findFirst({
    where: {
      ruleId: rule.id,
      state: { not: "abandoned" },
      items: { some: { ref: push.ref, commit: push.commit } },
    },
    select: { number: true },
  });
  return same && { release: same.number, code: "SAME_COMMIT" };
}

const openDraft = (ruleId: string, ref: string) =>
  db.release.findFirst({
    where: { ruleId, state: "draft", items: { some: { ref } } },
    orderBy: { id: "desc" },
    select: { number: true, version: true },
  });

async function create(actor: Actor, rule: Rule, push: Push, title: string): Promise<string> {
  const { number } = await createRelease({
    actor,
    project: rule.project.key,
    title,
    description: [push.repository, push.ref, push.commit, push.detail.pusher].filter(Boolean).join(" · "),
    // An annotated tag may be told by its own id; it does not move.
    items: [
      {
        component: rule.component.key,
        ref: push.ref,
        ...(push.event === "tag" || push.commit === null ? {} : { commit: push.commit }),
      },
    ],
    build: rule.build,
    origin: { ruleId: rule.id, deliveryId: push.id, sourceHost: push.host },
  });
  return number;
}

/** Which push it was, in the words of whoever pushed: `main@3f2a1bc QT-1836 …` */
function titleOf({ ref, commit, detail }: Push): string {
  const title = `${ref}@${(commit ?? "").slice(0, 7)} ${detail.subject}`.trim();
  return title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title;
}

/** Why a rule made nothing; null when it is worth another try. */
function codeOf(error: unknown, patient: boolean): string | null {
  if (error instanceof AdapterError) return error.retryable && patient ? null : "GIT_UNREACHABLE";
  if (!(error instanceof AppError)) throw error;
  if (error.code === "VERSION_CONFLICT") return null;
  // Who is no member any more does not even see the project.
  if (error.code === "FORBIDDEN" || error.code === "NOT_FOUND") return "WRITER_LOST_RIGHT";
  return error.blockers[0]?.code ?? error.code;
}
