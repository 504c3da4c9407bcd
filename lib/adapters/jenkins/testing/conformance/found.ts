import { expect } from "vitest";
import { type ConformanceCase, each, type Theme } from "./case.ts";

const cases: ConformanceCase[] = [
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

export const found: Theme = { name: "builds: found again, deleted, rotated away", cases };
