import { expect } from "vitest";
import { z } from "zod";
import type { ConformanceCase, Theme } from "./case.ts";
import { failureOf, type JobName, type World } from "./world.ts";

type Kind = Extract<JobName, "freestyle" | "pipeline">;
/** A case for each kind of job: the rows that tell of it, and what it needs. */
function each(
  rows: Record<Kind, readonly string[]>,
  title: string,
  run: (world: World, job: Kind) => Promise<void>,
): ConformanceCase[] {
  return [
    { rows: rows.freestyle, title: `freestyle: ${title}`, run: (world) => run(world, "freestyle") },
    {
      rows: rows.pipeline,
      title: `Pipeline: ${title}`,
      needs: ["pipeline"],
      run: (world) => run(world, "pipeline"),
    },
  ];
}

const life: ConformanceCase[] = [
  ...each(
    { freestyle: ["40"], pipeline: ["50"] },
    "a build that runs has no result and no duration",
    async (world, job) => {
      const { number, queueId } = await world.begin(job, "echo up; sleep 300");
      const build = await world.server(job).build(number);
      expect(build).toMatchObject({
        number,
        queueId,
        state: "running",
        durationMs: null,
        startedAt: expect.any(Date),
      });
      const raw = z
        .object({ building: z.boolean(), result: z.null(), duration: z.literal(0) })
        .parse(await world.json(`${world.jobPath(job)}/${number}/api/json`));
      expect(raw.building).toBe(true);
      await world.stop(job, number);
    },
  ),
  ...each(
    { freestyle: ["44"], pipeline: ["54"] },
    "a build that succeeded says when it began and how long it took",
    async (world, job) => {
      const { number, queueId } = await world.begin(job, "sleep 0.2");
      const build = await world.ended(job, number);
      expect(build).toMatchObject({ number, queueId, state: "succeeded" });
      expect(build.durationMs).toBeGreaterThan(100);
      expect(build.estimatedMs).toBeGreaterThan(0);
      // Only a freestyle build has one node; a Pipeline's steps may run on several.
      expect(build.node).toEqual(job === "freestyle" ? expect.any(String) : null);
      expect(build.url).toContain(`/${number}/`);
    },
  ),
  ...each(
    { freestyle: ["47"], pipeline: ["57"] },
    "a command that fails is a failed build",
    async (world, job) => {
      const { number } = await world.begin(job, "echo boom; exit 3");
      expect(await world.ended(job, number)).toMatchObject({ state: "failed" });
    },
  ),
  ...each({ freestyle: ["45"], pipeline: ["55"] }, "the result file is read as data", async (world, job) => {
    const { number, attemptId } = await world.begin(job, "true", world.publishing);
    expect((await world.ended(job, number)).state).toBe("succeeded");
    expect(await world.server(job).result(number)).toEqual({
      attemptId,
      commit: world.publishing.GIT_COMMIT,
      image: world.publishing.IMAGE,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    const file = await world.raw("GET", `${world.jobPath(job)}/${number}/artifact/refract-result.json`);
    expect(file.headers.get("content-type")).toMatch(/^application\/json/);
  }),
  ...each(
    { freestyle: ["48"], pipeline: ["58"] },
    "a result file that was not archived is null",
    async (world, job) => {
      const { number } = await world.begin(job, "exit 1", world.publishing);
      await world.ended(job, number);
      expect(await world.server(job).result(number)).toBeNull();
    },
  ),
];

const stopping: ConformanceCase[] = [
  ...each(
    { freestyle: ["49"], pipeline: ["59"] },
    "a build is stopped, which takes a moment, and only once",
    async (world, job) => {
      const { number } = await world.begin(job, "echo up; sleep 300");
      await world.logHas(job, number, "up\r\n");
      await world.server(job).stop(number);
      // It is running still, or has just ended: never something else.
      expect(["running", "aborted"]).toContain((await world.server(job).build(number))?.state);
      expect((await world.ended(job, number)).state).toBe("aborted");
      await world.server(job).stop(number);
      expect((await world.server(job).build(number))?.state).toBe("aborted");
    },
  ),
  ...each(
    { freestyle: ["49"], pipeline: ["59"] },
    "a stop by GET is refused and stops nothing",
    async (world, job) => {
      const { number } = await world.begin(job, "sleep 300");
      const reply = await world.raw("GET", `${world.jobPath(job)}/${number}/stop`);
      expect(reply.status).toBe(405);
      expect((await world.server(job).build(number))?.state).toBe("running");
      await world.stop(job, number);
    },
  ),
  {
    rows: ["49", "59"],
    title: "a stop without the right is refused, and the right is named",
    needs: ["viewer"],
    async run(world) {
      const { number } = await world.begin("freestyle", "sleep 300");
      const error = await failureOf(world.server("freestyle", world.viewer ?? {}).stop(number));
      expect(error).toMatchObject({
        failure: "forbidden",
        details: { permission: "hudson.model.Item.Cancel" },
      });
      expect((await world.server().build(number))?.state).toBe("running");
      await world.stop("freestyle", number);
    },
  },
];

const finding: ConformanceCase[] = [
  ...each(
    { freestyle: ["60"], pipeline: ["61"] },
    "an attempt is found among the builds, running or ended, by its whole id",
    async (world, job) => {
      const { attemptId, queueId, number } = await world.begin(job, "sleep 0.5");
      expect(await world.server(job).findAttempt(attemptId)).toEqual({ queueId, number });
      await world.ended(job, number);
      expect(await world.server(job).findAttempt(attemptId)).toEqual({ queueId, number });
      expect(await world.server(job).findAttempt(attemptId.slice(0, -1))).toBeNull();
      expect(await world.server(job).findAttempt(`${attemptId}x`)).toBeNull();
    },
  ),
  {
    rows: ["60"],
    title: "a value that looks like another parameter does not make another attempt",
    async run(world) {
      const forged = world.attempt();
      const { number } = await world.begin("freestyle", "true", {
        BUILD_VARIABLES: `A=1\nREFRACT_ATTEMPT_ID=${forged}`,
      });
      await world.ended("freestyle", number);
      expect(await world.server().findAttempt(forged)).toBeNull();
    },
  },
  {
    rows: ["60"],
    title: "fifty triggers at once are fifty attempts, each found",
    async run(world) {
      const attempts = Array.from({ length: 50 }, () => world.attempt());
      const busy = await world.begin("serial", "sleep 300");
      const server = world.server("serial");
      const items = await Promise.all(
        attempts.map((attemptId) => server.trigger({ parameters: world.parameters(attemptId) })),
      );
      try {
        expect(new Set(items.map(({ queueId }) => queueId)).size).toBe(50);
        for (const [index, attemptId] of attempts.entries()) {
          expect(await server.findAttempt(attemptId)).toEqual({
            queueId: items[index]?.queueId,
            number: null,
          });
        }
      } finally {
        for (const { queueId } of items) await server.cancelQueueItem(queueId);
        await world.stop("serial", busy.number);
      }
    },
  },
  ...each(
    { freestyle: ["16", "44"], pipeline: ["16", "54"] },
    "a build whose record was deleted is nowhere",
    async (world, job) => {
      const { attemptId, number } = await world.begin(job, "true");
      await world.ended(job, number);
      await world.raw("POST", `${world.jobPath(job)}/${number}/doDelete`);
      expect(await world.server(job).build(number)).toBeNull();
      expect(await world.server(job).openConsole(number)).toBeNull();
      expect(await world.server(job).stages(number)).toBeNull();
      expect(await world.server(job).findAttempt(attemptId)).toBeNull();
    },
  ),
  {
    rows: ["16", "60"],
    title: "builds that were rotated away are null, their numbers are not used again",
    async run(world) {
      const numbers: number[] = [];
      for (let n = 0; n < 4; n++) {
        const { number } = await world.begin("kept", "true");
        await world.ended("kept", number);
        numbers.push(number);
      }
      await world.until(async () => expect(await world.server("kept").build(numbers[0] ?? 0)).toBeNull());
      expect(await world.server("kept").build(numbers[3] ?? 0)).toMatchObject({ state: "succeeded" });
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    },
  },
];

const stageRun = z.object({
  id: z.string(),
  status: z.string(),
  stages: z.array(z.object({ name: z.string(), status: z.string() })),
});

const stages: ConformanceCase[] = [
  {
    rows: ["46"],
    title: "a freestyle build has no stages, and a server without Pipelines none at all",
    async run(world) {
      const { number } = await world.begin("freestyle", "true");
      await world.ended("freestyle", number);
      expect(await world.server().stages(number)).toBeNull();
      expect((await world.raw("GET", `${world.jobPath("freestyle")}/${number}/wfapi/describe`)).status).toBe(
        404,
      );
    },
  },
  {
    rows: ["56"],
    title: "a Pipeline's stages are in their order, with their times",
    needs: ["pipeline"],
    async run(world) {
      const { number } = await world.begin("pipeline", "sleep 0.2");
      await world.ended("pipeline", number);
      const found = (await world.server("pipeline").stages(number)) ?? [];
      expect(found.map(({ name }) => name).slice(0, 2)).toEqual(["Checkout", "Build"]);
      expect(found.every(({ state }) => state === "succeeded")).toBe(true);
      const times = found.map(({ startedAt }) => startedAt?.getTime() ?? 0);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(found[1]?.durationMs).toBeGreaterThan(100);
    },
  },
  {
    rows: ["58b"],
    title: "a stage after one that failed was passed over, whatever the server calls it",
    needs: ["pipeline"],
    async run(world) {
      const { number } = await world.begin("pipeline", "exit 3");
      await world.ended("pipeline", number);
      const found = (await world.server("pipeline").stages(number)) ?? [];
      const [checkout, build, ...rest] = found.map(({ state }) => state);
      expect([checkout, build]).toEqual(["succeeded", "failed"]);
      expect(rest.length).toBeGreaterThan(0);
      expect(new Set(rest)).toEqual(new Set(["skipped"]));
    },
  },
  {
    rows: ["59", "62"],
    title: "a stage runs, and is aborted with its build; the list of runs tells the same",
    needs: ["pipeline"],
    async run(world) {
      const { number } = await world.begin("pipeline", "echo up; sleep 300");
      await world.logHas("pipeline", number, "up\r\n");
      const running = (await world.server("pipeline").stages(number)) ?? [];
      expect(running.map(({ name, state }) => [name, state])).toEqual([
        ["Checkout", "succeeded"],
        ["Build", "running"],
      ]);
      await world.stop("pipeline", number);
      const states = ((await world.server("pipeline").stages(number)) ?? []).map(({ state }) => state);
      expect(states.slice(0, 3)).toEqual(["succeeded", "aborted", "skipped"]);
      const runs = z.array(stageRun).parse(await world.json(`${world.jobPath("pipeline")}/wfapi/runs`));
      const numbers = runs.map(({ id }) => Number(id));
      expect(numbers[0]).toBe(number);
      expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
      expect(runs[0]?.stages.map(({ name }) => name).slice(0, 2)).toEqual(["Checkout", "Build"]);
    },
  },
];

export const builds: Theme = {
  name: "builds: run, ended, stopped, found, deleted",
  cases: [...life, ...stopping, ...finding, ...stages],
};
