import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { timeSpan } from "./queue-view.ts";
import { Harness, itemId } from "./testing/harness.ts";
import { recorded } from "./testing/recording.ts";

const jenkins = new Harness();

beforeAll(async () => {
  await jenkins.start({ quietPeriodSeconds: 600 });
  await jenkins.createJob("refract-build");
  await jenkins.createJob("refract-build-serial", false);
});

afterAll(() => jenkins.close());

const itemPath = (id: number, tree = "") => `/queue/item/${id}/api/json${tree === "" ? "" : `?tree=${tree}`}`;

/** Waits until an item is no longer in its quiet period. */
async function settled(id: number, marker: string): Promise<void> {
  await jenkins.until(async () => {
    const item = await jenkins.send("GET", itemPath(id));
    return item.text.includes(marker) ? true : undefined;
  });
}

describe("30-34: identical triggers", () => {
  const file = "30-identical-triggers-are-merged";
  let first = 0;

  test("are one item while it waits, whatever their order and unknown parameters", async () => {
    const location = async (label: string) => itemId(await jenkins.matches(recorded(file, label)));
    first = await location("first");
    expect(await location("identical: same")).toBe(first);
    expect(await location("identical, other order")).toBe(first);
    expect(await location("identical plus")).toBe(first);
    expect(await location("other REFRACT_ATTEMPT_ID")).toBe(first + 1);
  });

  test("the item waits and has one cause per trigger", async () => {
    const reply = await jenkins.matches(recorded("31-queue-item-waiting"), { path: itemPath(first) });
    expect(reply.text.match(/Started by user admin/g)).toHaveLength(4);
    expect(JSON.parse(reply.text).why).toMatch(/^In the quiet period\. Expires in \d+ min \d+ sec$/);
    expect(JSON.parse(reply.text).params).toMatch(/^\nREFRACT_ATTEMPT_ID=merge-1\nRELEASE=/);
    await jenkins.matches(recorded(file, "job.inQueue"));
    await jenkins.matches(recorded("32-queue-list"));
  });

  test("after it left, the same trigger makes a second build", async () => {
    // The same trigger without a delay brings the waiting item forward.
    const sooner = await jenkins.replay(recorded("34-identical-after-left-201"));
    expect([sooner.status, itemId(sooner)]).toEqual([303, first]);
    await jenkins.send("POST", `/queue/cancelItem?id=${first + 1}`);
    const build = await jenkins.buildOf(first);
    await jenkins.result("refract-build", build);
    const left = recorded("33-queue-item-left");
    await jenkins.matches(left, { path: itemPath(first) });
    const again = itemId(await jenkins.matches(recorded("34-identical-after-left-201")));
    expect(await jenkins.buildOf(again)).toBeGreaterThan(build);
  });
});

test.each([
  [59_000, "59 sec"],
  [4_999, "4.9 sec"],
  [999, "0.99 sec"],
  [12, "12 ms"],
  [65_000, "1 min 5 sec"],
])("%i ms are %s", (milliseconds, words) => {
  expect(timeSpan(milliseconds)).toBe(words);
});

test("35, 37: an item is cancelled once, and by those who may", async () => {
  const file = "35-queue-cancel";
  const id = itemId(await jenkins.matches(recorded(file, "trigger")));
  const path = `/queue/cancelItem?id=${id}`;
  await jenkins.matches(recorded(file, "viewer may not"), { path });
  const still = recorded(file, "still there");
  await jenkins.matches(still, { path: itemPath(id, "id,cancelled,why,executable[number]") });
  const cancel = recorded(file, "cancel");
  expect(cancel.response.status).toBe(204);
  await jenkins.matches(cancel, { path });
  await jenkins.matches(recorded(file, "item afterwards"), { path: itemPath(id) });
  await jenkins.matches(recorded("37-queue-item-viewer"), { path: itemPath(id, "id,cancelled,task[name]") });
  await jenkins.matches(recorded(file, "cancel again"), { path });
  await jenkins.matches(recorded(file, "cancel of an item that never"));
  await jenkins.matches(recorded(file, "other spelling"));
});

test("38: with concurrent builds off the second one is blocked until the first one ends", async () => {
  const file = "38-queue-blocked-concurrent-off";
  const running = await jenkins.buildOf(
    itemId(await jenkins.matches(recorded(file, "trigger"), { form: { BUILD_COMMAND: "sleep 600" } })),
  );
  const id = itemId(await jenkins.matches(recorded(file, "second")));
  await settled(id, "BlockedItem");
  const blocked = await jenkins.matches(recorded(file, "blocked"), { path: itemPath(id) });
  expect(JSON.parse(blocked.text).why).toBe(`Build #${running} is already in progress (ETA: N/A)`);
  await jenkins.matches(recorded(file, "queue list"));
  await jenkins.matches(recorded(file, "stop the running"), {
    path: `/job/refract-build-serial/${running}/stop`,
  });
  await jenkins.buildOf(id);
  await jenkins.matches(recorded(file, "the blocked one left"), {
    path: itemPath(id, "id,why,executable[number,url]"),
  });
});

test("39: with all executors busy an item is buildable", async () => {
  const trigger = recorded("39-queue-executors-busy", "freestyle trigger");
  const builds: number[] = [];
  for (const attempt of ["busy-1", "busy-2"]) {
    const form = { REFRACT_ATTEMPT_ID: attempt, BUILD_COMMAND: "sleep 600" };
    builds.push(await jenkins.buildOf(itemId(await jenkins.replay(trigger, { form }))));
  }
  const id = itemId(await jenkins.matches(trigger));
  await settled(id, "BuildableItem");
  await jenkins.matches(recorded("39-queue-executors-busy", "freestyle item"), { path: itemPath(id) });
  for (const build of builds) await jenkins.send("POST", `/job/refract-build/${build}/stop`);
  await jenkins.buildOf(id);
});

test("63: while the server goes quiet, triggers are taken and wait", async () => {
  const file = "63-quiet-down";
  await jenkins.matches(recorded(file, "quietDown"));
  await jenkins.matches(recorded(file, "root json"));
  const id = itemId(await jenkins.matches(recorded(file, "trigger")));
  await settled(id, "BuildableItem");
  const item = await jenkins.matches(recorded(file, "item"), { path: itemPath(id) });
  expect(JSON.parse(item.text).why).toBe("Jenkins is about to shut down");
  await jenkins.matches(recorded(file, "viewer may not"));
  await jenkins.matches(recorded(file, "cancelQuietDown"));
  await jenkins.buildOf(id);
  await jenkins.matches(recorded(file, "item left"), { path: itemPath(id, "id,why,executable[number,url]") });
});

test("64: a delay of 0 skips the quiet period, a wrong one is an error", async () => {
  const id = itemId(await jenkins.matches(recorded("64-delay-0sec", "trigger")));
  const path = itemPath(id, "id,why,cancelled,executable[number,url]");
  const early = await jenkins.send("GET", path);
  if (early.text.includes("WaitingItem")) jenkins.compare(recorded("64-delay-0sec", "poll"), early, { path });
  await jenkins.buildOf(id);
  await jenkins.matches(recorded("64-delay-0sec", "delay with an invalid"));
});

test("71: a left item is forgotten, the build still has its id", async () => {
  const id = itemId(await jenkins.replay(recorded("64-delay-0sec", "trigger")));
  const path = itemPath(id, "id,why,executable[number,url]");
  const build = await jenkins.buildOf(id);
  await jenkins.result("refract-build", build);
  await jenkins.matches(recorded("71-queue-item-expires", "left"), { path });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 299_000 });
  try {
    expect((await jenkins.send("GET", path)).status).toBe(200);
    vi.setSystemTime(Date.now() + 2_000);
    await jenkins.matches(recorded("71-queue-item-expires", "expired"), { path });
  } finally {
    vi.useRealTimers();
  }
  const still = recorded("71-queue-item-expires", "but the build");
  const reply = await jenkins.matches(still, {
    path: `/job/refract-build/${build}/api/json?tree=number,queueId,result`,
  });
  expect(JSON.parse(reply.text).queueId).toBe(id);
});

test("70: a restart keeps the queued item and its id, and loses the running build", async () => {
  const server = new Harness();
  const file = "70-restart";
  try {
    await server.start({ executors: 1 });
    await server.createJob("refract-build-serial", false);
    const trigger = recorded("38-queue-blocked-concurrent-off", "trigger");
    const send = async (attempt: string, command: string) =>
      itemId(await server.replay(trigger, { form: { REFRACT_ATTEMPT_ID: attempt, BUILD_COMMAND: command } }));
    const finished = await server.buildOf(await send("finished", "echo kept"));
    await server.result("refract-build-serial", finished);
    const left = await send("running", "sleep 600");
    const running = await server.buildOf(left);
    const queued = await send("queued", "true");
    await server.matches(recorded(file, "before: running freestyle"), {
      path: `/job/refract-build-serial/${running}/api/json?tree=number,building,result,duration`,
    });
    await server.stop();

    await server.start({ executors: 1 });
    const lost = `/job/refract-build-serial/${running}/api/json`;
    server.compare(recorded(file, "after: running freestyle"), await server.send("GET", lost), {
      path: lost,
    });
    const item = itemPath(left);
    server.compare(recorded(file, "after: left item of the running"), await server.send("GET", item), {
      path: item,
    });
    // The number of the lost build is never used again.
    expect(await server.buildOf(queued)).toBe(running + 1);
    await server.result("refract-build-serial", running + 1);
    await server.matches(recorded(file, "after: queued freestyle"), {
      path: itemPath(queued, "id,why,cancelled,executable[number,url]"),
    });
    const log = await server.send("GET", `/job/refract-build-serial/${finished}/consoleText`);
    expect(log.text).toContain("\nkept\n");
  } finally {
    await server.close();
  }
});

test("70: while it starts, the server answers 503", async () => {
  const server = new Harness();
  try {
    await server.start({ startup: new Promise(() => undefined) });
    const reply = await server.send("GET", "/api/json");
    expect(reply.status).toBe(503);
    expect(reply.headers.get("content-type")).toBe("text/html;charset=utf-8");
    expect(reply.headers.has("retry-after")).toBe(false);
  } finally {
    await server.close();
  }
});
