import { z } from "zod";
import { db } from "#lib/db.ts";
import type { ActDto } from "./schema.ts";
import { ACTS } from "./schema.ts";

/** What the audit entries of these actions say beside who and when. */
const dataSchema = z.object({
  cluster: z.string().nullable().default(null),
  namespace: z.string().nullable().default(null),
  wave: z.number().nullable().default(null),
  reason: z.string().nullable().default(null),
});
type Act = Omit<ActDto, "by"> & { actorId: string | null; actorName: string };

/**
 * What people did to a deployment while it ran, the earliest first. The audit is the record of it: a pause that was
 * ended, or a cancellation before a retry, is nowhere else.
 */
export async function actsOn(deploymentId: string): Promise<Act[]> {
  const rows = await db.auditEntry.findMany({
    where: {
      subject: "deployment",
      subjectId: deploymentId,
      action: { in: ACTS.map((act) => `deployment.${act}`) },
    },
    orderBy: { seq: "asc" },
    select: { action: true, at: true, actorId: true, actorName: true, data: true },
  });
  return rows.map(({ action, at, actorId, actorName, data }) => ({
    act: z.enum(ACTS).parse(action.slice("deployment.".length)),
    at: at.toISOString(),
    actorId,
    actorName,
    ...dataSchema.parse(data),
  }));
}
