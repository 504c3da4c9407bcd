import { afterEach, describe, expect, test } from "vitest";
import { failureOf } from "./testing/failure-of.ts";
import { answer, recorded, replays } from "./testing/replayed.ts";

const replayed = replays();
afterEach(() => replayed.close());

describe("queue", () => {
  test("an item waits, then becomes a build", async () => {
    const series = await recorded("38-queue-blocked-concurrent-off", "blocked", "the blocked one left");
    const { server } = await replayed.jenkins(series);
    const since = new Date(1795213737130);
    const reason = "Build #1 is already in progress (ETA: N/A)";
    expect(await server.queueItem(21)).toEqual({ state: "waiting", why: "blocked", reason, since });
    expect(await server.queueItem(21)).toEqual({ state: "left", number: 2 });
  });

  test("a freestyle build waits for an executor, a Pipeline build has a number already", async () => {
    const { server } = await replayed.jenkins(await recorded("39-queue-executors-busy"));
    expect(await server.queueItem(28)).toMatchObject({ state: "waiting", why: "buildable" });
    expect(await server.queueItem(29)).toEqual({ state: "left", number: 1 });
  });

  test("an unknown item is gone, a cancelled one says so", async () => {
    const cancelled = await recorded(
      "35-queue-cancel",
      "item afterwards: LeftItem with cancelled=true and no executable",
    );
    const { server } = await replayed.jenkins([...(await recorded("36-queue-item-404")), ...cancelled]);
    expect(await server.queueItem(999999)).toEqual({ state: "gone" });
    expect(await server.queueItem(19)).toEqual({ state: "cancelled" });
  });

  test("an unknown kind of item is an error, not a guess", async () => {
    const item = { _class: "hudson.model.Queue$NewItem", id: 5 };
    const { server } = await replayed.jenkins([answer("GET", "/queue/item/5/api/json", 200, item)]);
    expect(await failureOf(server.queueItem(5))).toMatchObject({ failure: "broken", retryable: false });
  });

  test("cancelling is idempotent", async () => {
    const afterwards = await recorded(
      "35-queue-cancel",
      "item afterwards: LeftItem with cancelled=true and no executable",
    );
    const cancels = await recorded(
      "35-queue-cancel",
      "cancel",
      "cancel again",
      "cancel of an item that never existed",
    );
    const { server, requests } = await replayed.jenkins([
      ...cancels,
      ...afterwards,
      ...(await recorded("36-queue-item-404")),
    ]);
    await server.cancelQueueItem(19);
    await server.cancelQueueItem(19);
    await server.cancelQueueItem(999999);
    expect(requests.map((request) => request.path.split("?")[0])).toEqual([
      "/queue/cancelItem",
      "/queue/cancelItem",
      "/queue/item/19/api/json",
      "/queue/cancelItem",
      "/queue/item/999999/api/json",
    ]);
  });

  test("cancelling without the right fails, and so does a cancel that left the item waiting", async () => {
    const viewer = await recorded("35-queue-cancel", "viewer may not cancel, and learns nothing");
    const again = await recorded("35-queue-cancel", "cancel again");
    const { server } = await replayed.jenkins([
      ...viewer,
      ...again,
      ...(await recorded("35-queue-cancel", "still there")),
    ]);
    expect(await failureOf(server.cancelQueueItem(19))).toMatchObject({ failure: "forbidden" });
    expect(await failureOf(server.cancelQueueItem(19))).toMatchObject({ failure: "broken", status: 500 });
  });
});

describe("find an attempt", () => {
  const queued = (id: string) =>
    answer("GET", "/queue/api/json", 200, {
      items: [
        { id: 30, actions: [] },
        { id: 31, actions: [{}, { parameters: [{ name: "REFRACT_ATTEMPT_ID", value: id }] }] },
      ],
    });

  test("in the queue, without asking further", async () => {
    const { server, requests } = await replayed.jenkins([queued("a-1")]);
    expect(await server.findAttempt("a-1")).toEqual({ queueId: 31, number: null });
    expect(requests).toHaveLength(1);
  });

  test("among the builds, and nowhere", async () => {
    const { server } = await replayed.jenkins([
      queued("a-1"),
      ...(await recorded("60-find-build-by-parameter")),
    ]);
    expect(await server.findAttempt("freestyle-log-1")).toEqual({ queueId: 32, number: 11 });
    expect(await server.findAttempt("freestyle-log")).toBeNull();
  });
});

describe("place in the queue, undeclared parameters", () => {
  test("counts what came before, and knows when an item is gone", async () => {
    const { server } = await replayed.jenkins(await recorded("32-queue-list"));
    expect(await server.queuePosition(16)).toBe(2);
    expect(await server.queuePosition(99)).toBeNull();
  });

  test("quiet-down is a reason of its own, whatever the kind of the item", async () => {
    const { server } = await replayed.jenkins([
      ...(await recorded("63-quiet-down", "item", "pipeline item")),
      ...(await recorded("31-queue-item-waiting")),
    ]);
    expect(await server.queueItem(40)).toMatchObject({ why: "shutting_down" });
    expect(await server.queueItem(41)).toMatchObject({ why: "shutting_down" });
    expect(await server.queueItem(16)).toMatchObject({ why: "quiet" });
  });

  test("names what the job would drop, and asks once", async () => {
    const { server, requests } = await replayed.jenkins(await recorded("18-job-json-tree"));
    const names = ["REFRACT_ATTEMPT_ID", "BUILD_VARIABLES"];
    expect(await server.undeclaredParameters(names)).toEqual(["BUILD_VARIABLES"]);
    expect(await server.undeclaredParameters(["IMAGE"])).toEqual([]);
    expect(requests).toHaveLength(1);
  });
});
