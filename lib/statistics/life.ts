/** What a release order does or waits for at one time, in the order of a life that goes well. */
export const STEP_KINDS = [
  "draft",
  "build_queue",
  "building",
  "build_repair",
  "flow",
  "environment_queue",
  "plan",
  "approval",
  "freeze",
  "deploy",
  "schedule",
  "deploy_queue",
  "deploying",
  "deploy_repair",
  "testing",
  "rolling_back",
  "withdrawn",
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Who or what works, or is waited for. */
export const STEP_PARTIES = [
  "developer",
  "build_server",
  "tester",
  "environment",
  "deployer",
  "approver",
  "calendar",
  "cluster",
] as const;
export type StepParty = (typeof STEP_PARTIES)[number];
export type StepMode = "working" | "waiting";

/** Whether a step is work, and whose it is or whom it waits for. */
export const STEPS: Record<StepKind, { mode: StepMode; on: StepParty }> = {
  draft: { mode: "waiting", on: "developer" },
  build_queue: { mode: "waiting", on: "build_server" },
  building: { mode: "working", on: "build_server" },
  build_repair: { mode: "waiting", on: "developer" },
  flow: { mode: "waiting", on: "tester" },
  environment_queue: { mode: "waiting", on: "environment" },
  plan: { mode: "waiting", on: "deployer" },
  approval: { mode: "waiting", on: "approver" },
  freeze: { mode: "waiting", on: "calendar" },
  deploy: { mode: "waiting", on: "deployer" },
  schedule: { mode: "waiting", on: "calendar" },
  deploy_queue: { mode: "waiting", on: "cluster" },
  deploying: { mode: "working", on: "cluster" },
  deploy_repair: { mode: "waiting", on: "deployer" },
  testing: { mode: "working", on: "tester" },
  rolling_back: { mode: "working", on: "cluster" },
  withdrawn: { mode: "waiting", on: "developer" },
};

type Span = { from: Date; until: Date | null };
/** The times of a release order, as its rows have them. */
export type ReleaseLife = {
  createdAt: Date;
  /** Released or abandoned; null while it is under way. */
  endedAt: Date | null;
  /** How many components it has: it is built once each of them has a build that succeeded. */
  items: number;
  builds: { item: string; state: string; createdAt: Date; startedAt: Date | null; endedAt: Date | null }[];
  /** In the order of the path. */
  stages: {
    environment: string;
    approvalsRequired: number;
    enteredAt: Date | null;
    verdict: { passed: boolean; at: Date } | null;
    /** When it gave the environment up without a verdict, or was rolled back after one. */
    leftAt: Date | null;
  }[];
  queued: (Span & { environment: string })[];
  freezes: (Span & { environment: string })[];
  plans: {
    environment: string;
    createdAt: Date;
    approvals: { approved: boolean; at: Date; voidedAt: Date | null }[];
  }[];
  deployments: {
    environment: string;
    rollback: boolean;
    state: string;
    createdAt: Date;
    scheduledAt: Date | null;
    endedAt: Date | null;
    /** When its attempts ran, those that began. */
    attempts: Span[];
  }[];
};
export type Step = Span & { kind: StepKind; environment: string | null; until: Date };
type Situation = Pick<Step, "kind" | "environment">;

const reached = (at: Date | null, now: Date): at is Date => at !== null && at <= now;
const during = ({ from, until }: Span, now: Date) => from <= now && !reached(until, now);
const latest = <T>(rows: readonly T[], of: (row: T) => Date): T | undefined =>
  rows.reduce<T | undefined>(
    (best, row) => (best === undefined || of(row) >= of(best) ? row : best),
    undefined,
  );

/**
 * Cuts a release order's life into steps that follow one another without gap or overlap: from its creation to its end,
 * or to `now` while it is under way. Pure: every time at which a row says something is a boundary, and what is the case
 * right after a boundary is the case until the next.
 */
export function cutLife(life: ReleaseLife, now: Date): Step[] {
  const end = life.endedAt ?? now;
  const times = [...new Set([life.createdAt, ...boundaries(life)].map(Number))]
    .filter((at) => at >= Number(life.createdAt) && at < Number(end))
    .sort((a, b) => a - b);
  const steps: Step[] = [];
  times.forEach((time, index) => {
    const [from, until] = [new Date(time), new Date(times[index + 1] ?? Number(end))];
    const found = situation(life, from);
    const last = steps.at(-1);
    if (last?.kind === found.kind && last.environment === found.environment) last.until = until;
    else steps.push({ ...found, from, until });
  });
  return steps;
}

function boundaries(life: ReleaseLife): Date[] {
  const times: (Date | null)[] = [
    ...life.builds.flatMap((build) => [build.createdAt, build.startedAt, build.endedAt]),
    ...life.stages.flatMap((stage) => [stage.enteredAt, stage.verdict?.at ?? null, stage.leftAt]),
    ...[...life.queued, ...life.freezes].flatMap(({ from, until }) => [from, until]),
    ...life.plans.flatMap((plan) => [
      plan.createdAt,
      ...plan.approvals.flatMap(({ at, voidedAt }) => [at, voidedAt]),
    ]),
    ...life.deployments.flatMap((run) => [
      run.createdAt,
      run.scheduledAt,
      run.endedAt,
      ...run.attempts.flatMap(({ from, until }) => [from, until]),
    ]),
  ];
  return times.filter((at) => at !== null);
}

function situation(life: ReleaseLife, now: Date): Situation {
  const run = latest(
    life.deployments.filter((each) => during({ from: each.createdAt, until: each.endedAt }, now)),
    ({ createdAt }) => createdAt,
  );
  if (run !== undefined) return { kind: deploymentKind(run, now), environment: run.environment };
  const stage = latest(
    life.stages.flatMap((each) =>
      reached(each.enteredAt, now) ? [{ ...each, enteredAt: each.enteredAt }] : [],
    ),
    ({ enteredAt }) => enteredAt,
  );
  if (stage === undefined) {
    const kind = buildKind(life, now);
    if (kind !== null) return { kind, environment: null };
  } else {
    // Rejected, left, superseded or rolled back: nothing goes on from here but somebody gives the order up.
    if (reached(stage.leftAt, now) || (stage.verdict?.passed === false && reached(stage.verdict.at, now)))
      return { kind: "withdrawn", environment: stage.environment };
    if (!reached(stage.verdict?.at ?? null, now))
      return { kind: stageKind(life, stage, now), environment: stage.environment };
  }
  const queued = life.queued.find((entry) => during(entry, now));
  if (queued !== undefined) return { kind: "environment_queue", environment: queued.environment };
  const next = life.stages.find(({ enteredAt }) => !reached(enteredAt, now));
  return { kind: "flow", environment: next?.environment ?? null };
}

/** Null once every component is built. */
function buildKind({ builds, items }: ReleaseLife, now: Date): StepKind | null {
  const known = builds.filter(({ createdAt }) => createdAt <= now);
  const open = known.filter(({ endedAt }) => !reached(endedAt, now));
  if (open.some(({ startedAt }) => reached(startedAt, now))) return "building";
  if (open.length > 0) return "build_queue";
  const built = new Set(known.flatMap(({ item, state }) => (state === "succeeded" ? [item] : [])));
  if (built.size >= items && items > 0) return null;
  return known.length === 0 ? "draft" : "build_repair";
}

function deploymentKind(run: ReleaseLife["deployments"][number], now: Date): StepKind {
  if (run.rollback) return "rolling_back";
  if (run.attempts.some((attempt) => during(attempt, now))) return "deploying";
  // Between two attempts somebody has to see what is wrong and try again.
  if (run.attempts.some(({ from }) => reached(from, now))) return "deploy_repair";
  return run.scheduledAt !== null && run.scheduledAt > now ? "schedule" : "deploy_queue";
}

function stageKind(life: ReleaseLife, stage: ReleaseLife["stages"][number], now: Date): StepKind {
  const { environment } = stage;
  const here = life.deployments.filter(
    (run) => run.environment === environment && run.state !== "cancelled" && reached(run.endedAt, now),
  );
  const run = latest(here, ({ endedAt, createdAt }) => endedAt ?? createdAt);
  if (run?.state === "succeeded") return run.rollback ? "withdrawn" : "testing";
  const since = run?.endedAt ?? null;
  const plan = latest(
    life.plans.filter(
      (each) =>
        each.environment === environment &&
        each.createdAt <= now &&
        (since === null || each.createdAt >= since),
    ),
    ({ createdAt }) => createdAt,
  );
  // Approvals stand under a freeze as well: only those who would plan or deploy are held up by it.
  const frozen = life.freezes.some((window) => window.environment === environment && during(window, now));
  if (plan === undefined) return frozen ? "freeze" : run === undefined ? "plan" : "deploy_repair";
  const given = plan.approvals.filter(({ at, voidedAt }) => during({ from: at, until: voidedAt }, now));
  if (given.some(({ approved }) => !approved)) return frozen ? "freeze" : "plan";
  if (given.length < stage.approvalsRequired) return "approval";
  return frozen ? "freeze" : "deploy";
}
