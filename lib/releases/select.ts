import { z } from "zod";
import { etaOf } from "#lib/builds/eta.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import type { ItemBuildDto, ReleaseItemDto, ReleaseSummaryDto } from "./schema.ts";
import { shownState } from "./shown-state.ts";
import { RELEASE_STATES } from "./state.ts";

export const person = { select: { username: true, displayName: true } };
export const iso = (date: Date | null) => date?.toISOString() ?? null;
const stateSchema = z.enum(RELEASE_STATES);

export const itemBuildSelect = {
  id: true,
  state: true,
  attempt: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
  usualMs: true,
  estimatedMs: true,
  queueWhy: true,
  queueReason: true,
  queueAhead: true,
} satisfies Prisma.BuildSelect;

/** How far a build is. @param now of the answer */
export function itemBuild(
  { estimatedMs, ...row }: Prisma.BuildGetPayload<{ select: typeof itemBuildSelect }>,
  now: Date,
): ItemBuildDto {
  const usualMs = row.usualMs ?? estimatedMs;
  return {
    ...row,
    usualMs,
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
    ...etaOf({ ...row, usualMs }, now),
  };
}

export const itemSelect = {
  ref: true,
  commit: true,
  commitSubject: true,
  commitAuthor: true,
  component: { select: { key: true, name: true, kind: true } },
  artifact: { select: { image: true, digest: true, sizeBytes: true, source: true } },
  builds: {
    orderBy: { attempt: "desc" as const },
    take: 1,
    select: itemBuildSelect,
  },
} satisfies Prisma.ReleaseItemSelect;

export const summarySelect = {
  id: true,
  number: true,
  title: true,
  state: true,
  createdAt: true,
  endedAt: true,
  project: { select: { id: true, key: true, name: true } },
  createdBy: person,
  items: { select: itemSelect, orderBy: { component: { key: "asc" as const } } },
  stages: {
    select: { state: true, environment: { select: { key: true, name: true, kind: true, rank: true } } },
    orderBy: { environment: { rank: "asc" as const } },
  },
} satisfies Prisma.ReleaseSelect;
type SummaryRow = Prisma.ReleaseGetPayload<{ select: typeof summarySelect }>;
type ItemRow = SummaryRow["items"][number];

export function toItem(row: ItemRow, now: Date): ReleaseItemDto {
  const { component, artifact } = row;
  const [build] = row.builds;
  return {
    component: component.key,
    componentName: component.name,
    componentKind: component.kind,
    ref: row.ref,
    commit: row.commit,
    commitSubject: row.commitSubject,
    commitAuthor: row.commitAuthor,
    build: build ? itemBuild(build, now) : null,
    artifact: artifact && {
      ...artifact,
      sizeBytes: artifact.sizeBytes === null ? null : Number(artifact.sizeBytes),
    },
  };
}

export const stageNames = (environment: { key: string; name: string; kind: string; rank: number }) => ({
  environment: environment.key,
  environmentName: environment.name,
  environmentKind: environment.kind,
  rank: environment.rank,
});

export function toSummary(row: SummaryRow, now = new Date()): ReleaseSummaryDto {
  const state = stateSchema.parse(row.state);
  const items = row.items.map((item) => toItem(item, now));
  return {
    number: row.number,
    project: row.project.key,
    projectName: row.project.name,
    title: row.title,
    state,
    shown: shownState(state, items),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    endedAt: iso(row.endedAt),
    items,
    stages: row.stages.map(({ state, environment }) => ({ ...stageNames(environment), state })),
  };
}
