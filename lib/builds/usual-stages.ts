import { db } from "#lib/db.ts";
import { storedStagesSchema } from "./schema.ts";

/** Of so many builds before. */
const BUILDS = 10;

/** The median of each name's durations, milliseconds; several stages of one name in a build count as they come. */
export function mediansOf(builds: readonly unknown[]): Map<string, number> {
  const known = new Map<string, number[]>();
  for (const stored of builds) {
    for (const { name, state, durationMs } of storedStagesSchema.nullable().parse(stored) ?? []) {
      if (state !== "succeeded" || durationMs === null) continue;
      known.set(name, [...(known.get(name) ?? []), durationMs]);
    }
  }
  return new Map(
    [...known].map(([name, all]) => [name, all.sort((a, b) => a - b)[(all.length - 1) >> 1] ?? 0] as const),
  );
}

/** How long each stage of a component's last successful builds before `build` usually took, milliseconds by its name. */
export async function usualStages(build: { id: string; componentId: string }): Promise<Map<string, number>> {
  const rows = await db.build.findMany({
    where: { id: { lt: build.id }, state: "succeeded", item: { componentId: build.componentId } },
    orderBy: { id: "desc" },
    take: BUILDS,
    select: { stages: true },
  });
  return mediansOf(rows.map(({ stages }) => stages));
}
