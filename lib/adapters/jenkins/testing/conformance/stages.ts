import { expect } from "vitest";
import { z } from "zod";
import type { ConformanceCase, Theme } from "./case.ts";

const stageRun = z.object({
  id: z.string(),
  status: z.string(),
  stages: z.array(z.object({ name: z.string(), status: z.string() })),
});

const cases: ConformanceCase[] = [
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

export const stages: Theme = { name: "stages", cases };
