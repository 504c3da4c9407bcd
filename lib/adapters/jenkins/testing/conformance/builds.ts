import { expect } from "vitest";
import { z } from "zod";
import { failureOf } from "../failure-of.ts";
import { type ConformanceCase, each, type Theme } from "./case.ts";

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

export const builds: Theme = { name: "builds: run, ended, stopped", cases: [...life, ...stopping] };
