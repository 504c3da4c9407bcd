import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import { JOB_PARAMETERS } from "../ports.ts";
import { type Exchange, type Replay, readRecording, startReplay } from "./replay.ts";
import { createJenkins } from "./server.ts";

let replay: Replay | undefined;
afterEach(async () => {
  await replay?.close();
  replay = undefined;
});

const recorded = (file: string, ...labels: string[]) =>
  readRecording(new URL(`fixtures/${file}.json`, import.meta.url), ...labels);

async function jenkinsWith(exchanges: Exchange[], jobName = "refract-build", timeoutMs = 5_000) {
  replay = await startReplay(exchanges);
  const server = createJenkins({
    url: `${replay.url}/`,
    username: "admin",
    token: "secret",
    jobName,
    timeoutMs,
  });
  return { server, requests: replay.requests };
}
const answer = (
  method: string,
  path: string,
  status: number,
  body: unknown = "",
  headers = {},
): Exchange => ({
  request: { method, path },
  response: { status, headers: { "content-type": "application/json", ...headers }, body },
});
const failureOf = async (call: Promise<unknown>): Promise<AdapterError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof AdapterError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
};

describe("trigger", () => {
  test("names the queue item and tells a merged trigger from a new one", async () => {
    const series = await recorded("30-identical-triggers-are-merged", "first", "identical: same Location");
    const { server, requests } = await jenkinsWith(series);
    const parameters = { REFRACT_ATTEMPT_ID: "merge-1", BUILD_COMMAND: "a=b & 中文" };
    expect(await server.trigger({ parameters })).toEqual({ queueId: 16, merged: false });
    expect(await server.trigger({ parameters })).toEqual({ queueId: 16, merged: true });
    expect(requests).toHaveLength(2);
    expect(requests[0]?.path).toBe("/job/refract-build/buildWithParameters?delay=0sec");
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual(parameters);
    expect(requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from("admin:secret").toString("base64")}`,
    );
  });

  test("says which right is missing", async () => {
    const { server } = await jenkinsWith(await recorded("13-viewer-trigger-403"));
    const error = await failureOf(server.trigger({ parameters: {} }));
    expect(error).toMatchObject({ failure: "forbidden", retryable: false, status: 403 });
    expect(error.details).toEqual({
      reason: "permission_missing",
      permission: "hudson.model.Item.Build",
      outcome: "refused",
    });
    const credential = Buffer.from("admin:secret").toString("base64");
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(credential);
  });

  test("a disabled job is a conflict", async () => {
    const { server } = await jenkinsWith(
      await recorded("26-disabled-job", "trigger"),
      "refract-build-serial",
    );
    expect(await failureOf(server.trigger({ parameters: {} }))).toMatchObject({
      failure: "conflict",
      status: 409,
    });
  });

  test("an answer without a queue item leaves the outcome unknown", async () => {
    const path = "/job/refract-build/buildWithParameters";
    const { server } = await jenkinsWith([answer("POST", path, 201)]);
    const error = await failureOf(server.trigger({ parameters: {} }));
    expect(error).toMatchObject({ failure: "broken", details: { outcome: "unknown" } });
  });

  test("a server that is not there was never asked", async () => {
    const { server } = await jenkinsWith([]);
    await replay?.close();
    replay = undefined;
    const error = await failureOf(server.trigger({ parameters: {} }));
    expect(error).toMatchObject({ failure: "unreachable", retryable: true, details: { outcome: "refused" } });
  });
});

describe("queue", () => {
  test("an item waits, then becomes a build", async () => {
    const series = await recorded("38-queue-blocked-concurrent-off", "blocked", "the blocked one left");
    const { server } = await jenkinsWith(series);
    const since = new Date(1795213737130);
    const reason = "Build #1 is already in progress (ETA: N/A)";
    expect(await server.queueItem(21)).toEqual({ state: "waiting", why: "blocked", reason, since });
    expect(await server.queueItem(21)).toEqual({ state: "left", number: 2 });
  });

  test("a freestyle build waits for an executor, a Pipeline build has a number already", async () => {
    const { server } = await jenkinsWith(await recorded("39-queue-executors-busy"));
    expect(await server.queueItem(28)).toMatchObject({ state: "waiting", why: "buildable" });
    expect(await server.queueItem(29)).toEqual({ state: "left", number: 1 });
  });

  test("an unknown item is gone, a cancelled one says so", async () => {
    const cancelled = await recorded(
      "35-queue-cancel",
      "item afterwards: LeftItem with cancelled=true and no executable",
    );
    const { server } = await jenkinsWith([...(await recorded("36-queue-item-404")), ...cancelled]);
    expect(await server.queueItem(999999)).toEqual({ state: "gone" });
    expect(await server.queueItem(19)).toEqual({ state: "cancelled" });
  });

  test("an unknown kind of item is an error, not a guess", async () => {
    const item = { _class: "hudson.model.Queue$NewItem", id: 5 };
    const { server } = await jenkinsWith([answer("GET", "/queue/item/5/api/json", 200, item)]);
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
    const { server } = await jenkinsWith([
      ...cancels,
      ...afterwards,
      ...(await recorded("36-queue-item-404")),
    ]);
    await server.cancelQueueItem(19);
    await server.cancelQueueItem(19);
    await server.cancelQueueItem(999999);
    expect(replay?.requests.map((request) => request.path.split("?")[0])).toEqual([
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
    const { server } = await jenkinsWith([
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
    const { server, requests } = await jenkinsWith([queued("a-1")]);
    expect(await server.findAttempt("a-1")).toEqual({ queueId: 31, number: null });
    expect(requests).toHaveLength(1);
  });

  test("among the builds, and nowhere", async () => {
    const { server } = await jenkinsWith([queued("a-1"), ...(await recorded("60-find-build-by-parameter"))]);
    expect(await server.findAttempt("freestyle-log-1")).toEqual({ queueId: 32, number: 11 });
    expect(await server.findAttempt("freestyle-log")).toBeNull();
  });
});

describe("builds", () => {
  test.each([
    ["44-freestyle-build-success", "refract-build", 11, "succeeded", "built-in"],
    ["47-freestyle-build-failure", "refract-build", 12, "failed", "built-in"],
    ["54-pipeline-build-success", "refract-build-pipeline", 2, "succeeded", null],
  ])("%s", async (file, job, number, state, node) => {
    const { server } = await jenkinsWith(await recorded(file), job);
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
    const { server } = await jenkinsWith([answer("GET", "/job/refract-build/1/api/json", 200, body)]);
    expect(await server.build(1)).toMatchObject({
      state,
      estimatedMs: null,
      durationMs: result === null ? null : 0,
    });
  });

  test("an unknown result is an error, a missing build is null", async () => {
    const odd = { number: 1, building: false, result: "SPLENDID", url: "http://j/1/" };
    const { server } = await jenkinsWith([
      answer("GET", "/job/refract-build/1/api/json", 200, odd),
      ...(await recorded("16-missing-build-404")),
    ]);
    expect(await failureOf(server.build(1))).toMatchObject({ failure: "broken", retryable: false });
    expect(await server.build(99999)).toBeNull();
  });

  test("a starting Jenkins may be asked again", async () => {
    const during = await recorded("70-restart", "during");
    const { server } = await jenkinsWith(
      during.filter((step) => step.response.status === 503),
      "refract-build-serial",
    );
    expect(await failureOf(server.build(3))).toMatchObject({
      failure: "broken",
      retryable: true,
      status: 503,
    });
  });

  test("the result file, or null", async () => {
    const { server } = await jenkinsWith([
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
    const { server } = await jenkinsWith(await recorded("49-freestyle-stop", "viewer", "stop"));
    expect(await failureOf(server.stop(13))).toMatchObject({
      failure: "forbidden",
      details: { permission: "hudson.model.Item.Cancel" },
    });
    await server.stop(13);
  });
});

describe("log", () => {
  test("follows the server's offsets to the end", async () => {
    const { server, requests } = await jenkinsWith(await recorded("41-freestyle-progressive-text"));
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
    const { server } = await jenkinsWith(beyond);
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
    const { server } = await jenkinsWith(exchanges, "refract-build-pipeline");
    const { body, nextOffset, complete } = await server.openLog(2, 289);
    expect({ nextOffset, complete }).toEqual({ nextOffset: 4056, complete: false });
    const bytes = Buffer.from(await new Response(body).arrayBuffer());
    expect(bytes.equals(Buffer.from(String(exchanges[0]?.response.body)))).toBe(true);
  });

  test("the console has LF, and none is null", async () => {
    const { server } = await jenkinsWith([
      ...(await recorded("43-freestyle-console-text")),
      answer("GET", "/job/refract-build/12/consoleText", 404),
    ]);
    const text = await new Response(await server.openConsole(11)).text();
    expect(text).toContain("第 1 步:正在编译支付组件\n");
    expect(text).not.toContain("\r");
    expect(await server.openConsole(12)).toBeNull();
  });

  test("a pipeline has stages, those passed over after a failure are skipped; freestyle has none", async () => {
    const { server } = await jenkinsWith(
      [...(await recorded("56-pipeline-wfapi-describe")), ...(await recorded("58b-pipeline-wfapi-failure"))],
      "refract-build-pipeline",
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
    await replay?.close();
    const freestyle = await jenkinsWith(await recorded("46-freestyle-wfapi-describe"));
    expect(await freestyle.server.stages(11)).toBeNull();
  });
});

describe("place in the queue, undeclared parameters", () => {
  test("counts what came before, and knows when an item is gone", async () => {
    const { server } = await jenkinsWith(await recorded("32-queue-list"));
    expect(await server.queuePosition(16)).toBe(2);
    expect(await server.queuePosition(99)).toBeNull();
  });

  test("quiet-down is a reason of its own, whatever the kind of the item", async () => {
    const { server } = await jenkinsWith([
      ...(await recorded("63-quiet-down", "item", "pipeline item")),
      ...(await recorded("31-queue-item-waiting")),
    ]);
    expect(await server.queueItem(40)).toMatchObject({ why: "shutting_down" });
    expect(await server.queueItem(41)).toMatchObject({ why: "shutting_down" });
    expect(await server.queueItem(16)).toMatchObject({ why: "quiet" });
  });

  test("names what the job would drop, and asks once", async () => {
    const { server, requests } = await jenkinsWith(await recorded("18-job-json-tree"));
    const names = ["REFRACT_ATTEMPT_ID", "BUILD_VARIABLES"];
    expect(await server.undeclaredParameters(names)).toEqual(["BUILD_VARIABLES"]);
    expect(await server.undeclaredParameters(["IMAGE"])).toEqual([]);
    expect(requests).toHaveLength(1);
  });
});

describe("a password", () => {
  const withPassword = async (exchanges: Exchange[]) => {
    replay = await startReplay(exchanges);
    const { url, requests } = replay;
    const settings = { url, username: "admin", token: "password", jobName: "refract-build" };
    return { server: createJenkins({ ...settings, credentialKind: "password" }), requests };
  };

  test("sends a crumb with the cookie of its own answer, and keeps both", async () => {
    const { server, requests } = await withPassword([
      ...(await recorded("04-crumb")),
      ...(await recorded("08-trigger-password-crumb-and-cookie-201")),
    ]);
    expect(await server.trigger({ parameters: {} })).toEqual({ queueId: 12, merged: false });
    await server.trigger({ parameters: {} });
    expect(requests.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
    expect(requests[1]?.headers).toMatchObject({
      "jenkins-crumb": "<crumb>",
      cookie: "JSESSIONID.<id>=<session>",
    });
  });

  test("fetches a refused crumb again, once", async () => {
    const [crumb, refused] = [
      await recorded("04-crumb"),
      await recorded("07-trigger-password-crumb-without-cookie-403"),
    ];
    const accepted = await recorded("08-trigger-password-crumb-and-cookie-201");
    const { server, requests } = await withPassword([...crumb, ...refused, ...accepted]);
    expect(await server.trigger({ parameters: {} })).toMatchObject({ queueId: 12 });
    expect(requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "POST"]);
    await replay?.close();
    const never = await withPassword([...crumb, ...refused]);
    expect(await failureOf(never.server.trigger({ parameters: {} }))).toMatchObject({
      failure: "forbidden",
      details: { reason: "crumb_refused", outcome: "refused" },
    });
    expect(never.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "POST"]);
  });
});

describe("answers that are none", () => {
  test("a redirect to a sign-in page is no success, of a trigger nor of a stop", async () => {
    const away = { location: "http://sso.test/login?from=%2F" };
    const { server } = await jenkinsWith([
      answer("POST", "/job/refract-build/buildWithParameters", 303, "", away),
      answer("POST", "/job/refract-build/7/stop", 302, "", away),
    ]);
    for (const call of [() => server.trigger({ parameters: {} }), () => server.stop(7)]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ failure: "unauthorized", details: { reason: "sign_in_asked" } });
    }
  });

  test("a page where data was expected is named, and not asked for again", async () => {
    const page = answer("GET", "/job/refract-build/1/api/json", 200, "<html>Welcome</html>", {
      "content-type": "text/html",
    });
    const { server } = await jenkinsWith([page]);
    expect(await failureOf(server.build(1))).toMatchObject({
      failure: "broken",
      retryable: false,
      details: { reason: "not_jenkins" },
    });
  });

  test("a proxy's 502 leaves open what became of a trigger", async () => {
    const { server } = await jenkinsWith([answer("POST", "/job/refract-build/buildWithParameters", 502)]);
    const error = await failureOf(server.trigger({ parameters: {} }));
    expect(error).toMatchObject({ failure: "broken", details: { outcome: "unknown" } });
  });
});

describe("credentials, timeouts, signals", () => {
  test("a wrong token and a missing one differ", async () => {
    const [bad, anonymous] = [await recorded("10-bad-token-401"), await recorded("11-anonymous-403")];
    const { server } = await jenkinsWith([...bad, ...anonymous]);
    expect(await failureOf(server.ensureJob("<project/>"))).toMatchObject({
      failure: "unauthorized",
      retryable: false,
    });
    expect(await failureOf(server.ensureJob("<project/>"))).toMatchObject({
      failure: "unauthorized",
      details: { reason: "sign_in_asked" },
    });
  });

  test("a call that gets no answer ends by its timeout or by the caller's signal", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const settings = { url: `http://127.0.0.1:${port}`, username: "u", token: "t", jobName: "j" };
    const timedOut = await failureOf(createJenkins({ ...settings, timeoutMs: 50 }).build(1));
    expect(timedOut).toMatchObject({ failure: "unreachable", retryable: true });
    const controller = new AbortController();
    const call = createJenkins({ ...settings, timeoutMs: 50_000 }).build(1, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect(await failureOf(call)).toMatchObject({ failure: "unreachable" });
    silent.close();
  });
});

describe("set-up", () => {
  test("creates the job only when it is missing", async () => {
    const path = "/job/new/api/json";
    const { server, requests } = await jenkinsWith(
      [
        answer("GET", path, 404),
        answer("GET", path, 200, { name: "new" }),
        answer("POST", "/createItem", 200),
      ],
      "new",
    );
    expect(await server.ensureJob("<project/>")).toBe("created");
    expect(await server.ensureJob("<project/>")).toBe("present");
    const created = requests.find((request) => request.method === "POST");
    expect(created).toMatchObject({ path: "/createItem?name=new", body: "<project/>" });
    expect(created?.headers["content-type"]).toContain("text/xml");
  });

  test("check names the undeclared parameters and probes the rights without starting a build", async () => {
    const { server, requests } = await jenkinsWith([
      answer("GET", "/api/json", 200, { quietingDown: false }, { "x-jenkins": "2.372" }),
      ...(await recorded("03-whoami")),
      ...(await recorded("18-job-json-tree")),
      ...(await recorded("21-build-without-parameters-on-parameterised-job")),
    ]);
    const findings = await server.check();
    // Not recorded: the executors. Not to be known: whether a build may be stopped, there was none yet.
    const unknown = findings.filter(({ ok }) => ok === null).map(({ code }) => code);
    expect(unknown).toEqual(["EXECUTORS", "MAY_CANCEL"]);
    expect(findings.filter((finding) => finding.ok === false)).toEqual([
      expect.objectContaining({
        code: "PARAMETERS_DECLARED",
        message: "Parameters not declared: BUILD_VARIABLES, SECRET_BUILD_VARIABLES.",
      }),
    ]);
    expect(findings.find((finding) => finding.code === "VERSION")?.message).toBe("Jenkins 2.372");
    expect(findings.find((finding) => finding.code === "MAY_BUILD")?.ok).toBe(true);
    expect(requests.filter((request) => request.method === "POST").map((request) => request.path)).toEqual([
      "/job/refract-build/build",
    ]);
  });

  test("check reports a missing right, an unmasked secret and a quiet-down", async () => {
    const parameterDefinitions = JOB_PARAMETERS.map((name) => ({ name, type: "StringParameterDefinition" }));
    const job = {
      _class: "hudson.model.FreeStyleProject",
      buildable: true,
      property: [{ parameterDefinitions }],
      lastCompletedBuild: { number: 7 },
    };
    const forbidden = (path: string) =>
      answer("POST", path, 403, "", { "x-required-permission": "some.Right" });
    const { server } = await jenkinsWith([
      answer("GET", "/api/json", 200, { quietingDown: true }, { "x-jenkins": "2.372" }),
      ...(await recorded("03-whoami")),
      answer("GET", "/job/refract-build/api/json", 200, job),
      forbidden("/job/refract-build/build"),
      forbidden("/job/refract-build/7/stop"),
    ]);
    const failed = (await server.check()).filter(({ ok }) => ok === false).map(({ code }) => code);
    expect(failed).toEqual(["ACCEPTS_BUILDS", "SECRETS_MASKED", "MAY_BUILD", "MAY_CANCEL"]);
  });

  test("check ends at a wrong token and at a server that is not there", async () => {
    const { server } = await jenkinsWith([answer("GET", "/api/json", 401)]);
    expect(await server.check()).toMatchObject([
      { code: "REACHABLE", ok: true },
      { code: "AUTHENTICATED", ok: false },
    ]);
    await replay?.close();
    replay = undefined;
    expect(await server.check()).toMatchObject([{ code: "REACHABLE", ok: false }]);
  });
});
