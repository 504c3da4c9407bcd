import { z } from "zod";
import { buildServerSelect } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { storedParametersSchema } from "./parameters.ts";
import { causeSchema } from "./schema.ts";
import { BUILD_STATES } from "./state.ts";

const rowSchema = z.object({
  state: z.enum(BUILD_STATES),
  parameters: storedParametersSchema,
  cause: causeSchema.nullable(),
});

const serverSelect = { select: { ...buildServerSelect, disabledAt: true } } as const;

/** A build with what a worker needs to go on with it, in one statement; null when it is gone. */
export async function loadBuild(id: string) {
  const row = await db.build.findUnique({
    relationLoadStrategy: "join",
    where: { id },
    select: {
      id: true,
      state: true,
      version: true,
      attempt: true,
      attemptId: true,
      parameters: true,
      triggeredById: true,
      triggerSentAt: true,
      queueId: true,
      number: true,
      queueWhy: true,
      queueReason: true,
      queueAhead: true,
      missingSince: true,
      startedAt: true,
      abortRequestedAt: true,
      cause: true,
      logOffset: true,
      logTaken: true,
      logBytes: true,
      logGeneration: true,
      secretsEncrypted: true,
      logComplete: true,
      supersededById: true,
      buildServer: serverSelect,
      item: {
        select: {
          id: true,
          ref: true,
          commit: true,
          release: { select: { id: true, number: true } },
          component: {
            select: {
              id: true,
              key: true,
              buildServer: serverSelect,
              registryId: true,
              registry: { select: { url: true } },
              project: { select: { id: true, key: true } },
            },
          },
        },
      },
    },
  });
  // Builds of before several servers could be registered are where their component's are.
  return (
    row && { ...row, ...rowSchema.parse(row), buildServer: row.buildServer ?? row.item.component.buildServer }
  );
}
export type BuildRow = NonNullable<Awaited<ReturnType<typeof loadBuild>>>;

/** Topics and names of an event about a build. */
export function buildEvent(build: {
  id: string;
  attempt: number;
  item: { release: { number: string }; component: { key: string; project: { key: string } } };
}) {
  const { release, component } = build.item;
  return {
    topics: [`build:${build.id}`, `release:${release.number}`, `project:${component.project.key}`],
    names: { id: build.id, release: release.number, component: component.key, attempt: build.attempt },
  };
}
