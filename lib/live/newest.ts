import { db } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { planInputsSchema } from "#lib/plans/content.ts";

type Newest = { id: string; release: { id: string; number: string } };

/** The newest deployment of each component among the last two hundred that `where` finds. */
export async function newestByComponent(where: Prisma.DeploymentWhereInput): Promise<Map<string, Newest>> {
  const rows = await db.deployment.findMany({
    where,
    orderBy: { id: "desc" },
    take: 200,
    select: {
      id: true,
      release: { select: { id: true, number: true } },
      plan: { select: { inputs: true } },
    },
  });
  const newest = new Map<string, Newest>();
  for (const { id, release, plan } of rows) {
    for (const { component } of planInputsSchema.parse(plan.inputs).images) {
      if (!newest.has(component)) newest.set(component, { id, release });
    }
  }
  return newest;
}
