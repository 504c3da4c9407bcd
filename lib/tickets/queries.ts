import { db } from "#lib/db.ts";
import { type TicketPattern, ticketPatternsSchema } from "./schema.ts";

/** The patterns as they are stored; none where an older portal wrote something else. */
export const storedPatterns = (value: unknown): TicketPattern[] =>
  ticketPatternsSchema.catch([]).parse(value);

/** How a project's tickets are found. The caller has the right to read the project. */
export async function ticketPatterns(projectId: string): Promise<TicketPattern[]> {
  const project = await db.project.findUniqueOrThrow({
    where: { id: projectId },
    select: { ticketPatterns: true },
  });
  return storedPatterns(project.ticketPatterns);
}
