import { expect } from "vitest";
import { failureOf } from "../failure-of.ts";
import type { ConformanceCase, Theme } from "./case.ts";

const cases: ConformanceCase[] = [
  {
    rows: ["70"],
    title:
      "while it is down the connection is refused: asking again is right, and a trigger was surely not taken",
    needs: ["own"],
    async run(world) {
      await world.own?.restart(async (phase) => {
        if (phase !== "down") return;
        expect(await failureOf(world.server().build(1))).toMatchObject({
          failure: "unreachable",
          retryable: true,
        });
        const error = await failureOf(
          world.server().trigger({ parameters: world.parameters(world.attempt()) }),
        );
        expect(error).toMatchObject({
          failure: "unreachable",
          retryable: true,
          details: { reason: "connection_refused", outcome: "refused" },
        });
        const findings = await world.server().check();
        expect(findings).toMatchObject([{ code: "REACHABLE", ok: false }]);
      });
    },
  },
  {
    rows: ["70"],
    title: "while it gets ready it says so: asking again is right, and a trigger was surely not taken",
    needs: ["own"],
    async run(world) {
      const attemptId = world.attempt();
      await world.own?.restart(async (phase) => {
        if (phase !== "starting") return;
        const asked = await failureOf(world.server().build(1));
        expect(asked).toMatchObject({ status: 503, retryable: true, details: { reason: "starting" } });
        const error = await failureOf(world.server().trigger({ parameters: world.parameters(attemptId) }));
        expect(error).toMatchObject({
          status: 503,
          retryable: true,
          details: { reason: "starting", outcome: "refused" },
        });
        expect(await failureOf(world.server().findAttempt(attemptId))).toMatchObject({ retryable: true });
        expect(await world.server().check()).toMatchObject([
          { code: "REACHABLE", ok: false, facts: { reason: "starting" } },
        ]);
      });
      expect(await world.server().findAttempt(attemptId)).toBeNull();
    },
  },
  {
    rows: ["70"],
    title: "a running freestyle build is gone, its number is not used again, and its item is forgotten",
    needs: ["own"],
    async run(world) {
      const { attemptId, queueId, number } = await world.begin("freestyle", "sleep 300");
      await world.own?.restart();
      expect(await world.server().build(number)).toBeNull();
      expect(await world.server().queueItem(queueId)).toEqual({ state: "gone" });
      expect(await world.server().findAttempt(attemptId)).toBeNull();
      expect((await world.begin("freestyle", "true")).number).toBe(number + 1);
    },
  },
  {
    rows: ["70", "60"],
    title: "a queued item keeps its id and runs, and the attempt is found all the way",
    needs: ["own"],
    async run(world) {
      await world.begin("serial", "sleep 300");
      const attemptId = world.attempt();
      const { queueId } = await world.server("serial").trigger({ parameters: world.parameters(attemptId) });
      expect(await world.server("serial").findAttempt(attemptId)).toEqual({ queueId, number: null });
      await world.own?.restart();
      await world.until(async () => {
        const found = await world.server("serial").findAttempt(attemptId);
        expect(found?.queueId).toBe(queueId);
        expect(found?.number).toBeGreaterThan(0);
      });
      const found = await world.server("serial").findAttempt(attemptId);
      expect((await world.ended("serial", found?.number ?? 0)).state).toBe("succeeded");
    },
  },
  {
    rows: ["70"],
    title: "an ended build keeps its state, its log and its result",
    needs: ["own"],
    async run(world) {
      const { number } = await world.begin("freestyle", "echo kept", world.publishing);
      const before = await world.ended("freestyle", number);
      const result = await world.server().result(number);
      await world.own?.restart();
      expect(await world.server().build(number)).toEqual(before);
      expect(await world.server().result(number)).toEqual(result);
      expect(await new Response(await world.server().openConsole(number)).text()).toContain("\nkept\n");
    },
  },
  {
    rows: ["70", "50"],
    title: "a Pipeline goes on: same number, same log, its command not run twice",
    needs: ["own", "pipeline"],
    async run(world) {
      const { attemptId, queueId, number } = await world.begin("pipeline", "echo tick; sleep 2; echo tock");
      await world.logHas("pipeline", number, "tick\r\n");
      const { nextOffset } = await world.server("pipeline").openLog(number, 0);
      await world.own?.restart();
      expect(await world.server("pipeline").build(number)).toMatchObject({ number, queueId });
      expect(await world.server("pipeline").findAttempt(attemptId)).toEqual({ queueId, number });
      expect((await world.ended("pipeline", number)).state).toBe("succeeded");
      const rest = await world.server("pipeline").openLog(number, nextOffset);
      const text = await new Response(rest.body).text();
      expect(text).toContain("\r\ntock\r\n");
      expect(text).not.toMatch(/^tick/m);
      expect(
        (await world.server("pipeline").stages(number))?.every(({ state }) => state === "succeeded"),
      ).toBe(true);
    },
  },
];

export const restart: Theme = { name: "a restart", cases };
