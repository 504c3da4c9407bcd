import { expect } from "vitest";
import { z } from "zod";
import type { ConformanceCase, Theme } from "./case.ts";
import { failureOf, type JobName, type World } from "./world.ts";

const causes = z.object({
  actions: z.array(z.object({ causes: z.array(z.unknown()).optional() })),
});
const queueList = z.object({
  items: z.array(z.object({ id: z.number(), task: z.object({ name: z.string().optional() }) })),
});

/** An item that waits behind a running build of its job. */
async function behind(world: World, job: JobName = "serial") {
  const busy = await world.begin(job, "sleep 300");
  const attemptId = world.attempt();
  const parameters = world.parameters(attemptId, { BUILD_COMMAND: "true" });
  const { queueId } = await world.server(job).trigger({ parameters });
  const release = async () => {
    await world.server(job).cancelQueueItem(queueId);
    await world.stop(job, busy.number);
  };
  return { busy, attemptId, parameters, queueId, release };
}

/** An item in its quiet period. */
async function quiet(world: World, seconds = 300): Promise<{ attemptId: string; queueId: number }> {
  const attemptId = world.attempt();
  const form = world.parameters(attemptId);
  const reply = await world.raw(
    "POST",
    `${world.jobPath("freestyle")}/buildWithParameters?delay=${seconds}sec`,
    { form },
  );
  expect(reply.status).toBe(201);
  const queueId = Number(/\/queue\/item\/(\d+)\/$/.exec(reply.headers.get("location") ?? "")?.[1]);
  return { attemptId, queueId };
}

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

const busy: ConformanceCase[] = [
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

const leaving: ConformanceCase[] = [
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

export const queue: Theme = {
  name: "the queue: merged, waiting, blocked, cancelled, forgotten",
  cases: [...merging, ...waiting, ...busy, ...leaving],
};
