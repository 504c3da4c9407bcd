import { expect } from "vitest";
import { failureOf } from "../failure-of.ts";
import type { ConformanceCase, Theme } from "./case.ts";
import { quiet } from "./items.ts";

const cases: ConformanceCase[] = [
  {
    rows: ["35"],
    title: "an item is cancelled, and cancelling it again does no harm",
    async run(world) {
      const { queueId, attemptId } = await quiet(world);
      await world.server().cancelQueueItem(queueId);
      expect(await world.server().queueItem(queueId)).toEqual({ state: "cancelled" });
      await world.server().cancelQueueItem(queueId);
      expect(await world.server().queueItem(queueId)).toEqual({ state: "cancelled" });
      expect(await world.server().findAttempt(attemptId)).toBeNull();
    },
  },
  {
    rows: ["35"],
    title: "a build that started meanwhile is not stopped by cancelling its item",
    async run(world) {
      const { queueId, number } = await world.begin("freestyle", "sleep 300");
      await world.server().cancelQueueItem(queueId);
      expect(await world.server().build(number)).toMatchObject({ state: "running" });
      await world.stop("freestyle", number);
    },
  },
  {
    rows: ["35"],
    title: "who may not cancel is refused, and the item waits on",
    needs: ["viewer"],
    async run(world) {
      const { queueId } = await quiet(world);
      try {
        const reader = world.server("freestyle", world.viewer ?? {});
        const error = await failureOf(reader.cancelQueueItem(queueId));
        expect(error).toMatchObject({ failure: "forbidden", retryable: false });
        expect((await world.server().queueItem(queueId)).state).toBe("waiting");
      } finally {
        await world.server().cancelQueueItem(queueId);
      }
    },
  },
  {
    rows: ["35", "36"],
    title: "an item that nobody knows is gone, and cancelling it does no harm",
    async run({ server }) {
      expect(await server().queueItem(999_999_999)).toEqual({ state: "gone" });
      await server().cancelQueueItem(999_999_999);
    },
  },
  {
    rows: ["37"],
    title: "who may only read sees that an item was cancelled",
    needs: ["viewer"],
    async run(world) {
      const { queueId } = await quiet(world);
      await world.server().cancelQueueItem(queueId);
      const reader = world.server("freestyle", world.viewer ?? {});
      expect(await reader.queueItem(queueId)).toEqual({ state: "cancelled" });
    },
  },
  {
    rows: ["64"],
    title: "without a delay an item leaves at once; what a first look sees is known as well",
    async run(world) {
      const { queueId } = await world.server().trigger({ parameters: world.parameters(world.attempt()) });
      expect(["waiting", "left"]).toContain((await world.server().queueItem(queueId)).state);
      await world.until(async () => expect((await world.server().queueItem(queueId)).state).toBe("left"));
    },
  },
  {
    rows: ["64"],
    title: "a delay that cannot be read is an error and queues nothing",
    async run(world) {
      const attemptId = world.attempt();
      const form = world.parameters(attemptId);
      const path = `${world.jobPath("freestyle")}/buildWithParameters?delay=soon`;
      expect((await world.raw("POST", path, { form })).status).toBe(500);
      expect(await world.server().findAttempt(attemptId)).toBeNull();
    },
  },
  {
    rows: ["71", "60"],
    title: "a left item is forgotten after a while; its build still has its id, and the attempt is found",
    needs: ["own"],
    async run(world) {
      await world.own?.restart(undefined, { leftItemSeconds: 1 });
      const { queueId, number, attemptId } = await world.begin("freestyle", "true");
      await world.until(async () =>
        expect(await world.server().queueItem(queueId)).toEqual({ state: "gone" }),
      );
      expect(await world.server().build(number)).toMatchObject({ queueId });
      expect(await world.server().findAttempt(attemptId)).toEqual({ queueId, number });
      await world.own?.restart();
    },
  },
];

export const leaving: Theme = { name: "out of the queue: cancelled, started, forgotten", cases };
