import { sha256 } from "#lib/crypto.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import type { PlanInputs, PlanManifests, PlanReview } from "#lib/plans/content.ts";
import { type Chance, idAt } from "./chance.ts";

export type HistoryRows = {
  release: Prisma.ReleaseCreateManyInput;
  items: Prisma.ReleaseItemCreateManyInput[];
  builds: Prisma.BuildCreateManyInput[];
  artifacts: Prisma.ArtifactCreateManyInput[];
  stages: Prisma.StageCreateManyInput[];
  plans: Prisma.PlanCreateManyInput[];
  approvals: Prisma.ApprovalCreateManyInput[];
  deployments: Prisma.DeploymentCreateManyInput[];
};
export type HistoryOrder = {
  number: string;
  title: string;
  /** Milliseconds. */
  from: number;
  projectId: string;
  buildServerId: string;
  components: {
    id: string;
    repository: string;
    seconds: number;
    commit: { id: string; subject: string; author: { name: string } };
  }[];
  /** In the order of the path. */
  environments: { id: string; key: string }[];
  people: { developer: string; operator: string; approver: string };
};

const BUILD_CAUSES = [
  "BUILD_FAILED",
  "BUILD_FAILED",
  "BUILD_FAILED",
  "RESULT_MISSING",
  "IMAGE_MISSING",
] as const;
const RUN_CAUSES = ["CRASH", "CRASH", "PROBE_FAILING", "IMAGE_PULL", "DEADLINE_EXCEEDED"] as const;
const DAY = 86_400_000;
const failure = (code: string) => ({ cause: { code, message: "", facts: {} } });

/** The rows of one release order from its build to its last environment: some builds and deployments fail at first. */
export function historyOf(order: HistoryOrder, chance: Chance): HistoryRows {
  const { number, title, from, projectId, people } = order;
  const release = {
    id: idAt(from, chance),
    number,
    projectId,
    title,
    state: "released",
    createdById: people.developer,
    createdAt: new Date(from),
  };
  const rows: Omit<HistoryRows, "release"> = {
    items: [],
    builds: [],
    artifacts: [],
    stages: [],
    plans: [],
    approvals: [],
    deployments: [],
  };
  const built = writeBuilds(order, release.id, rows, chance);
  const ended = order.environments.reduce(
    (at, environment) => writeStage(order, release.id, environment, at, rows, chance),
    built,
  );
  return { release: { ...release, endedAt: new Date(ended) }, ...rows };
}

type Rest = Omit<HistoryRows, "release">;

/** @returns when the last component was built */
function writeBuilds(order: HistoryOrder, releaseId: string, rows: Rest, chance: Chance): number {
  const start = order.from + chance.minutes(1, 40);
  let last = start;
  for (const { id: componentId, repository, seconds, commit } of order.components) {
    const itemId = idAt(order.from, chance);
    const source = {
      ref: "main",
      commit: commit.id,
      commitSubject: commit.subject,
      commitAuthor: commit.author.name,
    };
    rows.items.push({ id: itemId, releaseId, componentId, ...source });
    let asked = start;
    for (let attempt = 1, failed = true; failed; attempt += 1) {
      failed = attempt < 3 && chance.whole(12) === 0;
      const id = idAt(asked, chance);
      const begun = asked + (4 + chance.whole(chance.whole(5) === 0 ? 300 : 40)) * 1000;
      const ended = begun + Math.round(seconds * (0.8 + chance.part() * 0.5)) * 1000;
      rows.builds.push({
        id,
        itemId,
        attempt,
        attemptId: id,
        buildServerId: order.buildServerId,
        state: failed ? "failed" : "succeeded",
        triggeredById: order.people.developer,
        parameters: { values: {}, secrets: [] },
        createdAt: new Date(asked),
        startedAt: new Date(begun),
        endedAt: new Date(ended),
        logComplete: true,
        ...(failed ? failure(chance.one(BUILD_CAUSES)) : {}),
      });
      last = Math.max(last, ended);
      asked = ended + chance.minutes(8, 70);
      if (failed) continue;
      rows.artifacts.push({
        id: idAt(ended, chance),
        itemId,
        buildId: id,
        image: `${repository}:${order.number}`,
        repository,
        digest: `sha256:${sha256(id)}`,
        commit: commit.id,
        createdAt: new Date(ended),
      });
    }
  }
  return last;
}

/** A plan of the past is told by its numbers alone: it names no object, but reads as every plan does. */
function pastContent(release: string, environment: string) {
  const manifests = { targets: [] } satisfies PlanManifests;
  const inputs = {
    kind: "deploy",
    release,
    environment,
    sourceDeployment: null,
    sources: [],
    images: [],
    targets: [],
    templates: [],
    configs: [],
    components: [],
    strategies: [],
    choices: [],
    prune: [],
    manifests: sha256(JSON.stringify(manifests)),
  } satisfies PlanInputs;
  const review = { targets: [], checks: [], blockers: [], origins: [] } satisfies PlanReview;
  return { inputs, manifests, review };
}

/** @param at when it came to be here @returns when the environment passed it */
function writeStage(
  order: HistoryOrder,
  releaseId: string,
  environment: HistoryOrder["environments"][number],
  at: number,
  rows: Rest,
  chance: Chance,
): number {
  const { projectId, people } = order;
  const open = environment === order.environments[0];
  const last = environment === order.environments.at(-1);
  const entered = at + chance.minutes(2, 40);
  const planned = entered + chance.minutes(1, 20);
  const planId = idAt(planned, chance);
  const of = { projectId, releaseId, environmentId: environment.id, createdById: people.operator };
  rows.plans.push({
    id: planId,
    digest: `sha256:${sha256(planId)}`,
    ...of,
    ...pastContent(order.number, environment.key),
    createdAt: new Date(planned),
    computedAt: new Date(planned),
  });
  let now = planned;
  if (!open) {
    now += chance.minutes(5, 90);
    const approval = { planId, userId: people.approver, decision: "approve" };
    rows.approvals.push({ ...approval, createdAt: new Date(now), expiresAt: new Date(now + DAY) });
  }
  for (let failed = true; failed; ) {
    const asked = now + chance.minutes(1, 45);
    const ended = asked + chance.minutes(1, 6);
    failed = chance.whole(14) === 0;
    rows.deployments.push({
      id: idAt(asked, chance),
      ...of,
      planId,
      state: failed ? "failed" : "succeeded",
      createdAt: new Date(asked),
      startedAt: new Date(asked + 2000),
      endedAt: new Date(ended),
      ...(failed ? failure(chance.one(RUN_CAUSES)) : {}),
    });
    now = ended + (failed ? chance.minutes(10, 60) : 0);
  }
  const passed = now + (last ? chance.minutes(5, 20) : chance.minutes(15, 150));
  rows.stages.push({
    releaseId,
    environmentId: environment.id,
    state: "passed",
    enteredById: people.operator,
    enteredAt: new Date(entered),
    testingAt: new Date(now),
    verdictById: people.operator,
    verdictAt: new Date(passed),
  });
  return passed;
}
