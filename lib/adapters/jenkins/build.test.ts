import { afterEach, describe, expect, test } from "vitest";
import { failureOf } from "./testing/failure-of.ts";
import { answer, recorded, replays } from "./testing/replayed.ts";

const replayed = replays();
afterEach(() => replayed.close());

describe("builds", () => {
  test.each([
    ["44-freestyle-build-success", "refract-build", 11, "succeeded", "built-in"],
    ["47-freestyle-build-failure", "refract-build", 12, "failed", "built-in"],
    ["54-pipeline-build-success", "refract-build-pipeline", 2, "succeeded", null],
  ])("%s", async (file, job, number, state, node) => {
    const { server } = await replayed.jenkins(await recorded(file), { jobName: job });
    const build = await server.build(number);
    expect(build).toMatchObject({
      number,
      state,
      node,
      queueId: expect.any(Number),
      startedAt: expect.any(Date),
    });
    expect(build?.durationMs).toBeGreaterThan(0);
  });

  test.each([
    ["UNSTABLE", "failed"],
    ["NOT_BUILT", "aborted"],
    ["ABORTED", "aborted"],
    [null, "running"],
  ])("result %s is %s", async (result, state) => {
    const body = {
      number: 1,
      building: result === null,
      result,
      duration: 0,
      estimatedDuration: -1,
      url: "http://j/1/",
    };
    const { server } = await replayed.jenkins([answer("GET", "/job/refract-build/1/api/json", 200, body)]);
    expect(await server.build(1)).toMatchObject({
      state,
      estimatedMs: null,
      durationMs: result === null ? null : 0,
    });
  });

  test.each([
    ["says so", { building: false, inProgress: false }, true],
    ["still works on it", { building: false, inProgress: true }, false],
    ["says nothing of it", { building: false }, false],
    ["builds", { building: true, inProgress: true }, false],
  ])("the log is closed only where the server %s", async (_, said, logClosed) => {
    const body = { number: 1, result: "SUCCESS", url: "http://j/1/", ...said };
    const { server } = await replayed.jenkins([answer("GET", "/job/refract-build/1/api/json", 200, body)]);
    expect(await server.build(1)).toMatchObject({ logClosed });
  });

  test("an unknown result is an error, a missing build is null", async () => {
    const odd = { number: 1, building: false, result: "SPLENDID", url: "http://j/1/" };
    const { server } = await replayed.jenkins([
      answer("GET", "/job/refract-build/1/api/json", 200, odd),
      ...(await recorded("16-missing-build-404")),
    ]);
    expect(await failureOf(server.build(1))).toMatchObject({ failure: "broken", retryable: false });
    expect(await server.build(99999)).toBeNull();
  });

  test("a starting Jenkins may be asked again", async () => {
    const during = await recorded("70-restart", "during");
    const { server } = await replayed.jenkins(
      during.filter((step) => step.response.status === 503),
      { jobName: "refract-build-serial" },
    );
    expect(await failureOf(server.build(3))).toMatchObject({
      failure: "broken",
      retryable: true,
      status: 503,
    });
  });

  test("the result file, or null", async () => {
    const { server } = await replayed.jenkins([
      ...(await recorded("45-freestyle-artifact-download")),
      ...(await recorded("48-freestyle-artifact-missing-404")),
    ]);
    expect(await server.result(11)).toEqual({
      attemptId: "freestyle-log-1",
      commit: "3bad12f0c0ffee00000000000000000000000001",
      image: "registry.test/payments/api:1.4.0",
      digest: "sha256:13749785e239059827de278d20346d9a5fb9223cf0494ad5fcb4f1ae0a2a96b4",
    });
    expect(await server.result(12)).toBeNull();
  });

  test("stop answers 302, a stop without the right is forbidden", async () => {
    const { server } = await replayed.jenkins(await recorded("49-freestyle-stop", "viewer", "stop"));
    expect(await failureOf(server.stop(13))).toMatchObject({
      failure: "forbidden",
      details: { permission: "hudson.model.Item.Cancel" },
    });
    await server.stop(13);
  });
});

describe("log", () => {
  test("follows the server's offsets to the end", async () => {
    const { server, requests } = await replayed.jenkins(await recorded("41-freestyle-progressive-text"));
    let text = "";
    let offset = 0;
    let complete = false;
    while (!complete) {
      const chunk = await server.openLog(11, offset);
      text += await new Response(chunk.body).text();
      ({ nextOffset: offset, complete } = chunk);
    }
    expect(text).toContain("第 3 步:正在编译支付组件\r\n");
    expect(text).toContain("没有换行中换行了\r\n");
    expect(text).not.toContain("\uFFFD");
    expect(offset).toBe(710);
    expect(requests.map((request) => new URL(request.path, "http://x").searchParams.get("start"))).toEqual(
      "0 550 550 585 585 620 620 642 642 642".split(" "),
    );
  });

  test("a log that became shorter is not shown twice", async () => {
    const beyond = await recorded(
      "42-freestyle-progressive-text-offsets",
      "beyond the end: starts over from 0",
    );
    const { server } = await replayed.jenkins(beyond);
    expect(await failureOf(server.openLog(11, 5710))).toMatchObject({
      failure: "broken",
      retryable: false,
      details: { size: 710, offset: 5710 },
    });
  });
});

describe("log as bytes, stages", () => {
  test("an open log has the server's offset before its first byte, its bytes unchanged", async () => {
    const exchanges = await recorded("51-pipeline-progressive-text", "start=289");
    const { server } = await replayed.jenkins(exchanges, { jobName: "refract-build-pipeline" });
    const { body, nextOffset, complete } = await server.openLog(2, 289);
    expect({ nextOffset, complete }).toEqual({ nextOffset: 4056, complete: false });
    const bytes = Buffer.from(await new Response(body).arrayBuffer());
    expect(bytes.equals(Buffer.from(String(exchanges[0]?.response.body)))).toBe(true);
  });

  test("the console has LF, and none is null", async () => {
    const { server } = await replayed.jenkins([
      ...(await recorded("43-freestyle-console-text")),
      answer("GET", "/job/refract-build/12/consoleText", 404),
    ]);
    const text = await new Response(await server.openConsole(11)).text();
    expect(text).toContain("第 1 步:正在编译支付组件\n");
    expect(text).not.toContain("\r");
    expect(await server.openConsole(12)).toBeNull();
  });

  test("a pipeline has stages, those passed over after a failure are skipped; freestyle has none", async () => {
    const { server, close } = await replayed.jenkins(
      [...(await recorded("56-pipeline-wfapi-describe")), ...(await recorded("58b-pipeline-wfapi-failure"))],
      { jobName: "refract-build-pipeline" },
    );
    const states = async (number: number) =>
      (await server.stages(number))?.map(({ name, state }) => [name, state]);
    expect(await states(2)).toEqual([
      ["Checkout", "succeeded"],
      ["Build", "succeeded"],
      ["Publish", "succeeded"],
    ]);
    expect(await states(3)).toEqual([
      ["Checkout", "succeeded"],
      ["Build", "failed"],
      ["Publish", "skipped"],
    ]);
    await close();
    const freestyle = await replayed.jenkins(await recorded("46-freestyle-wfapi-describe"));
    expect(await freestyle.server.stages(11)).toBeNull();
  });
});
