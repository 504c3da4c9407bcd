import { expect } from "vitest";
import { z } from "zod";
import type { ConformanceCase, Theme } from "./case.ts";
import { behind, quiet } from "./items.ts";

const causes = z.object({
  actions: z.array(z.object({ causes: z.array(z.unknown()).optional() })),
});
const merging: ConformanceCase[] = [
  {
    rows: ["30"],
    title: "the same trigger while the first one waits is merged into it, and is not followed",
    async run(world) {
      const { queueId, parameters, release } = await behind(world);
      try {
        expect(await world.server("serial").trigger({ parameters })).toEqual({ queueId, merged: true });
        const backwards = Object.fromEntries(Object.entries(parameters).reverse());
        expect(await world.server("serial").trigger({ parameters: backwards })).toEqual({
          queueId,
          merged: true,
        });
        const item = causes.parse(await world.json(`/queue/item/${queueId}/api/json`));
        expect(item.actions.flatMap((action) => action.causes ?? []).length).toBe(3);
      } finally {
        await release();
      }
    },
  },
  {
    rows: ["30"],
    title: "another attempt id keeps two triggers apart",
    async run(world) {
      const { queueId, parameters, release } = await behind(world);
      const other = { ...parameters, REFRACT_ATTEMPT_ID: world.attempt() };
      const second = await world.server("serial").trigger({ parameters: other });
      try {
        expect(second.merged).toBe(false);
        expect(second.queueId).toBeGreaterThan(queueId);
      } finally {
        await world.server("serial").cancelQueueItem(second.queueId);
        await release();
      }
    },
  },
  {
    rows: ["33", "34"],
    title: "after it left the queue the same trigger makes a second build",
    async run(world) {
      const first = await world.begin("freestyle", "true");
      expect(await world.server().queueItem(first.queueId)).toEqual({ state: "left", number: first.number });
      const parameters = world.parameters(first.attemptId, { BUILD_COMMAND: "true" });
      const again = await world.server().trigger({ parameters });
      expect(again.merged).toBe(false);
      await world.until(async () => {
        const item = await world.server().queueItem(again.queueId);
        expect(item.state === "left" ? item.number : 0).toBeGreaterThan(first.number);
      });
    },
  },
];

const waiting: ConformanceCase[] = [
  {
    rows: ["31"],
    title: "an item in its quiet period says so, since when, and counts down",
    async run(world) {
      const { queueId } = await quiet(world);
      try {
        const item = await world.server().queueItem(queueId);
        expect(item).toMatchObject({ state: "waiting", why: "quiet", since: expect.any(Date) });
        const reasonOf = async () => {
          const now = await world.server().queueItem(queueId);
          return now.state === "waiting" ? now.reason : "";
        };
        const before = await reasonOf();
        expect(before).toMatch(/quiet period/i);
        await world.until(async () => expect(await reasonOf()).not.toBe(before));
      } finally {
        await world.server().cancelQueueItem(queueId);
      }
    },
  },
  {
    rows: ["32"],
    title: "an attempt is found in the queue, without a number yet",
    async run(world) {
      const { queueId, attemptId } = await quiet(world);
      try {
        expect(await world.server().findAttempt(attemptId)).toEqual({ queueId, number: null });
        expect(await world.server().findAttempt(attemptId.slice(0, -1))).toBeNull();
      } finally {
        await world.server().cancelQueueItem(queueId);
      }
    },
  },
  {
    rows: ["32", "60"],
    title: "one glance tells which items wait and which builds run",
    async run(world) {
      const running = await world.begin("freestyle", "sleep 300");
      const item = await quiet(world);
      const ended = await world.begin("freestyle", "true");
      await world.ended("freestyle", ended.number);
      try {
        const seen = await world.server().survey({ queue: true, builds: true });
        expect(seen.queue?.has(item.queueId)).toBe(true);
        expect(seen.queue?.has(running.queueId)).toBe(false);
        expect(seen.builds?.get(running.number)).toBe(true);
        expect(seen.builds?.get(ended.number)).toBe(false);
      } finally {
        await world.server().cancelQueueItem(item.queueId);
        await world.stop("freestyle", running.number);
      }
    },
  },
  {
    rows: ["32", "36"],
    title: "the place in the queue is by coming, and null where nothing waits",
    async run(world) {
      const first = await quiet(world, 300);
      const second = await quiet(world, 200);
      try {
        const [a, b] = [
          await world.server().queuePosition(first.queueId),
          await world.server().queuePosition(second.queueId),
        ];
        expect(a).not.toBeNull();
        expect(b).toBeGreaterThan(a ?? 0);
      } finally {
        for (const { queueId } of [first, second]) await world.server().cancelQueueItem(queueId);
      }
      expect(await world.server().queuePosition(first.queueId)).toBeNull();
      expect(await world.server().queuePosition(999_999_999)).toBeNull();
    },
  },
  {
    rows: ["38"],
    title: "with concurrent builds off the second one is blocked, says by which, and runs after it",
    async run(world) {
      const { busy, queueId } = await behind(world);
      await world.until(async () => {
        const item = await world.server("serial").queueItem(queueId);
        expect(item).toMatchObject({ state: "waiting", why: "blocked" });
        expect(item.state === "waiting" ? item.reason : "").toContain(`#${busy.number}`);
      });
      await world.stop("serial", busy.number);
      await world.until(async () =>
        expect(await world.server("serial").queueItem(queueId)).toEqual({
          state: "left",
          number: busy.number + 1,
        }),
      );
      await world.ended("serial", busy.number + 1);
    },
  },
  {
    rows: ["38"],
    title: "the same for a Pipeline",
    needs: ["pipeline"],
    async run(world) {
      const { busy, queueId } = await behind(world, "pipelineSerial");
      await world.until(async () => {
        const item = await world.server("pipelineSerial").queueItem(queueId);
        expect(item).toMatchObject({ state: "waiting", why: "blocked" });
      });
      await world.stop("pipelineSerial", busy.number);
      await world.until(async () =>
        expect((await world.server("pipelineSerial").queueItem(queueId)).state).toBe("left"),
      );
      await world.ended("pipelineSerial", busy.number + 1);
    },
  },
  {
    rows: ["39"],
    title: "an item that no node could ever take is stuck, and says which label is missing",
    async run(world) {
      const { queueId } = await world
        .server("nowhere")
        .trigger({ parameters: world.parameters(world.attempt()) });
      try {
        await world.until(async () => {
          const item = await world.server("nowhere").queueItem(queueId);
          expect(item).toMatchObject({ state: "waiting", why: "stuck" });
          expect(item.state === "waiting" ? item.reason : "").toContain("refract-conformance-nowhere");
        });
      } finally {
        await world.server("nowhere").cancelQueueItem(queueId);
      }
    },
  },
];

export const queue: Theme = {
  name: "the queue: merged, waiting, blocked, stuck",
  cases: [...merging, ...waiting],
};
