import { expect } from "vitest";
import { z } from "zod";
import type { ConformanceCase, Theme } from "./case.ts";
import type { World } from "./world.ts";

const queueList = z.object({
  items: z.array(z.object({ id: z.number(), task: z.object({ name: z.string().optional() }) })),
});

/** Fills every executor; answers how to free them. */
async function fill(world: World): Promise<() => Promise<void>> {
  const builds: number[] = [];
  for (let n = 0; n < (world.own?.executors ?? 0); n++) {
    builds.push((await world.begin("freestyle", "sleep 300")).number);
  }
  return async () => {
    for (const number of builds) await world.stop("freestyle", number);
  };
}

const cases: ConformanceCase[] = [
  {
    rows: ["39"],
    title: "with all executors busy a freestyle build waits for one",
    needs: ["own"],
    async run(world) {
      const free = await fill(world);
      const { queueId } = await world.server().trigger({ parameters: world.parameters(world.attempt()) });
      await world.until(async () =>
        expect(await world.server().queueItem(queueId)).toMatchObject({ state: "waiting", why: "buildable" }),
      );
      const executors = (await world.server().check()).find(({ code }) => code === "EXECUTORS");
      expect(executors?.facts).toMatchObject({ busy: world.own?.executors, total: world.own?.executors });
      await free();
      await world.until(async () => expect((await world.server().queueItem(queueId)).state).toBe("left"));
    },
  },
  {
    rows: ["39"],
    title: "a Pipeline has its number all the same, runs no stage, and its node step waits without a name",
    needs: ["own", "pipeline"],
    async run(world) {
      const free = await fill(world);
      const { attemptId, queueId, number } = await world.begin("pipeline", "true");
      expect(await world.server("pipeline").queueItem(queueId)).toEqual({ state: "left", number });
      expect(await world.server("pipeline").build(number)).toMatchObject({
        state: "running",
        durationMs: null,
      });
      expect(await world.server("pipeline").stages(number)).toEqual([]);
      await world.until(async () => {
        const { items } = queueList.parse(await world.json("/queue/api/json"));
        expect(items.filter(({ task }) => task.name === undefined).length).toBe(1);
      });
      expect(await world.server("pipeline").findAttempt(attemptId)).toEqual({ queueId, number });
      // The nameless item came first: it is waited for as well.
      const later = await world.server().trigger({ parameters: world.parameters(world.attempt()) });
      await world.until(async () => expect(await world.server().queuePosition(later.queueId)).toBe(1));
      await world.server().cancelQueueItem(later.queueId);
      await free();
      expect((await world.ended("pipeline", number)).state).toBe("succeeded");
    },
  },
  {
    rows: ["39"],
    title: "a Pipeline that waits for an executor is stopped like any other",
    needs: ["own", "pipeline"],
    async run(world) {
      const free = await fill(world);
      const { number } = await world.begin("pipeline", "true");
      expect((await world.stop("pipeline", number)).state).toBe("aborted");
      expect(await world.server("pipeline").stages(number)).toEqual([]);
      await free();
    },
  },
  {
    rows: ["63"],
    title: "a quiet-down takes triggers and holds them back, freestyle and Pipeline, and the doctor sees it",
    needs: ["own", "pipeline"],
    async run(world) {
      await world.raw("POST", "/quietDown?reason=maintenance");
      const items: { job: "freestyle" | "pipeline"; queueId: number }[] = [];
      try {
        for (const job of ["freestyle", "pipeline"] as const) {
          const { queueId } = await world
            .server(job)
            .trigger({ parameters: world.parameters(world.attempt()) });
          items.push({ job, queueId });
        }
        for (const { job, queueId } of items) {
          await world.until(async () =>
            expect(await world.server(job).queueItem(queueId)).toMatchObject({
              state: "waiting",
              why: "shutting_down",
            }),
          );
        }
        const accepts = (await world.server().check()).find(({ code }) => code === "ACCEPTS_BUILDS");
        expect(accepts).toMatchObject({ ok: false, facts: { reason: "maintenance" } });
      } finally {
        await world.raw("POST", "/cancelQuietDown");
      }
      for (const { job, queueId } of items) {
        await world.until(async () =>
          expect((await world.server(job).queueItem(queueId)).state).toBe("left"),
        );
      }
    },
  },
];

export const executors: Theme = { name: "busy executors, and a server that goes quiet", cases };
