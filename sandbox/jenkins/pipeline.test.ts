import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Harness, itemId } from "./testing/harness.ts";
import { recorded } from "./testing/recording.ts";
import { startRegistryStub } from "./testing/registry-stub.ts";
import { bareRepository } from "./testing/repository.ts";

const JOB = "refract-build-pipeline";
const jenkins = new Harness();
const work = mkdtempSync(join(tmpdir(), "refract-pipeline-"));
const registry = await startRegistryStub();
const trigger = recorded("39-queue-executors-busy", "pipeline trigger");
const repository = bareRepository(work, {
  Dockerfile: "FROM scratch\nCOPY app.txt /app/\n",
  "app.txt": "hello\n",
});

beforeAll(async () => {
  await jenkins.start({ executors: 1 });
  await jenkins.createJob(JOB, true, "pipeline");
  await jenkins.createJob("refract-build-pipeline-serial", false, "pipeline");
  await jenkins.createJob("refract-build");
  // The recorded builds are not the first of their job, which was stopped while it waited for an executor.
  const freestyle = recorded("39-queue-executors-busy", "freestyle trigger");
  const busy = await jenkins.buildOf(
    itemId(await jenkins.replay(freestyle, { form: { BUILD_COMMAND: "sleep 600" } })),
  );
  const first = await start({ REFRACT_ATTEMPT_ID: "first" });
  await jenkins.send("POST", `/job/${JOB}/${first}/stop`);
  expect(await jenkins.result(JOB, first)).toBe("ABORTED");
  await jenkins.send("POST", `/job/refract-build/${busy}/stop`);
});

afterAll(async () => {
  await jenkins.close();
  await registry.close();
  rmSync(work, { recursive: true, force: true });
});

const start = async (form: Record<string, string>, server = jenkins): Promise<number> =>
  server.buildOf(itemId(await server.replay(trigger, { form })));
const api = (build: number, tree = "") =>
  `/job/${JOB}/${build}/api/json${tree === "" ? "" : `?tree=${tree}`}`;
const logPath = (build: number, from?: number | string) =>
  `/job/${JOB}/${build}/logText/progressiveText${from === undefined ? "" : `?start=${from}`}`;
const itemPath = (id: number, tree = "") => `/queue/item/${id}/api/json${tree === "" ? "" : `?tree=${tree}`}`;
const describePath = (build: number) => `/job/${JOB}/${build}/wfapi/describe`;

const run = z.object({
  status: z.string(),
  stages: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
});
async function stages(build: number, server = jenkins) {
  const found = run.parse(await server.json(describePath(build)));
  return found.stages.map(({ name, status }) => `${name} ${status}`);
}
/** Waits until the log of a build has a text. */
const logHas = (build: number, text: string, server = jenkins) =>
  server.until(async () => {
    const reply = await server.send("GET", logPath(build, 0));
    return reply.text.includes(text) ? true : undefined;
  });
const gate = (name: string) => join(work, name);
const waitFor = (name: string) => `while [ ! -e '${gate(name)}' ]; do sleep 0.05; done`;

describe("50-56: a build with an image", () => {
  let build = 0;
  let visible = "";

  test("tells of its stages while it runs", async () => {
    build = await start({
      REFRACT_ATTEMPT_ID: "pipeline-1",
      GIT_URL: repository.url,
      GIT_COMMIT: repository.commit,
      BUILD_COMMAND: `echo 正在编译; ${waitFor("image")}; printf '没有换行'`,
      IMAGE: `${registry.host}/payments/api:1`,
    });
    await logHas(build, "\r\n正在编译\r\n");
    await jenkins.matches(recorded("50-pipeline-build-running"), { path: api(build) });
    expect(await stages(build)).toEqual(["Checkout SUCCESS", "Build IN_PROGRESS"]);
    const piece = await jenkins.matches(recorded("51-pipeline-progressive-text", "start=0"), {
      path: logPath(build, 0),
    });
    expect(piece.text).toMatch(
      /^Started by user admin\r\n\[Pipeline\] Start of Pipeline\r\n\[Pipeline\] node\r\n/,
    );
    // Each line of the plugin has a hidden note: the offset is many times the text.
    expect(Number(piece.headers.get("x-text-size"))).toBeGreaterThan(2 * Buffer.byteLength(piece.text));
    writeFileSync(gate("image"), "");
    expect(await jenkins.result(JOB, build)).toBe("SUCCESS");
    expect(await stages(build)).toEqual([
      "Checkout SUCCESS",
      "Build SUCCESS",
      "Image SUCCESS",
      "Push SUCCESS",
    ]);
  });

  test("is described as the plugin does", async () => {
    await jenkins.matches(recorded("54-pipeline-build-success"), { path: api(build) });
    await jenkins.matches(recorded("56-pipeline-wfapi-describe"), { path: describePath(build) });
    const path = `/job/${JOB}/${build}/artifact/refract-result.json`;
    const artifact = await jenkins.like(recorded("55-pipeline-artifact-download"), { path });
    expect(JSON.parse(artifact.text)).toMatchObject({
      attemptId: "pipeline-1",
      commit: repository.commit,
      digest: registry.digest("payments/api", "1"),
    });
  });

  test("52, 53: has the same log at every offset, with LF for people", async () => {
    const file = "52-pipeline-progressive-text-offsets";
    const whole = await jenkins.matches(recorded(file, "from 0"), { path: logPath(build, 0) });
    visible = whole.text;
    const size = Number(whole.headers.get("x-text-size"));
    const at = async (label: string, from?: number | string) =>
      (await jenkins.matches(recorded(file, label), { path: logPath(build, from) })).text;
    expect(await at("exactly at", size)).toBe("");
    expect(await at("beyond", size + 5000)).toBe(visible);
    expect(await at("no start")).toBe(visible);
    await at("start=-1", -1);
    await at("start=abc", "abc");
    const path = `/job/${JOB}/${build}/consoleText`;
    const console = await jenkins.matches(recorded("53-pipeline-console-text"), { path });
    expect(visible.replaceAll("\r\n", "\n")).toBe(console.text);
    expect(console.text).toContain(
      "\n没有换行\n[Pipeline] }\n[Pipeline] // stage\n[Pipeline] stage\n[Pipeline] { (Image)\n",
    );
    expect(console.text).toMatch(
      /\[Pipeline\] \/\/ node\n\[Pipeline\] End of Pipeline\nFinished: SUCCESS\n$/,
    );
  });
});

test("57, 58, 58b: after a failure the stages that are passed over say so as well", async () => {
  const build = await start({ REFRACT_ATTEMPT_ID: "fails", BUILD_COMMAND: "echo boom; exit 3" });
  expect(await jenkins.result(JOB, build)).toBe("FAILURE");
  await jenkins.matches(recorded("57-pipeline-build-failure"), { path: api(build) });
  await jenkins.matches(recorded("58b-pipeline-wfapi-failure"), { path: describePath(build) });
  expect(await stages(build)).toEqual(["Checkout SUCCESS", "Build FAILED", "Image FAILED", "Push FAILED"]);
  const path = `/job/${JOB}/${build}/artifact/refract-result.json`;
  await jenkins.matches(recorded("58-pipeline-artifact-missing-404"), { path });
  const console = await jenkins.send("GET", `/job/${JOB}/${build}/consoleText`);
  expect(console.text).toContain('\nStage "Push" skipped due to earlier failure(s)\n');
  expect(console.text).toMatch(/\nERROR: script returned exit code 3\nFinished: FAILURE\n$/);
});

test("59, 61, 62: a build is stopped with its command", async () => {
  const file = "59-pipeline-stop";
  const build = await start({
    REFRACT_ATTEMPT_ID: "stop",
    BUILD_COMMAND: "trap '' TERM; echo up; sleep 600",
  });
  await logHas(build, "\r\nup\r\n");
  const path = `/job/${JOB}/${build}/stop`;
  await jenkins.matches(recorded(file, "wfapi while"), { path: describePath(build) });
  await jenkins.matches(recorded(file, "viewer"), { path });
  await jenkins.matches(recorded(file, "GET instead"), { path });
  await jenkins.matches(recorded(file, "stop"), { path });
  await jenkins.matches(recorded(file, "right after"), {
    path: api(build, "number,building,result,duration"),
  });
  expect(await jenkins.result(JOB, build)).toBe("ABORTED");
  await jenkins.matches(recorded(file, "final build JSON"), { path: api(build) });
  await jenkins.matches(recorded(file, "stop again"), { path });
  await jenkins.matches(recorded(file, "stop of a build that does not"));
  await jenkins.matches(recorded(file, "wfapi after"), { path: describePath(build) });
  await jenkins.matches(recorded("62-pipeline-wfapi-runs"));
  await jenkins.matches(recorded("61-find-build-by-parameter-pipeline"));
  const console = await jenkins.send("GET", `/job/${JOB}/${build}/consoleText`);
  expect(console.text).toMatch(/\nAborted by admin\nSending interrupt signal to process\n/);
});

test("39: with all executors busy it has a number already, and its node step waits without a name", async () => {
  const file = "39-queue-executors-busy";
  const busy = await start({ REFRACT_ATTEMPT_ID: "busy", BUILD_COMMAND: "sleep 600" });
  await logHas(busy, "+ sleep 600");
  const freestyle = itemId(await jenkins.matches(recorded(file, "freestyle trigger")));
  const item = itemId(await jenkins.matches(trigger, { form: { REFRACT_ATTEMPT_ID: "busy-p" } }));
  const build = await jenkins.buildOf(item);
  await jenkins.matches(recorded(file, "pipeline item"), {
    path: itemPath(item, "id,why,executable[number,url]"),
  });
  const tree = "number,building,result,duration,estimatedDuration,queueId,inProgress,builtOn";
  await jenkins.matches(recorded(file, "pipeline build: building"), { path: api(build, tree) });
  await jenkins.matches(recorded(file, "pipeline wfapi"), { path: describePath(build) });
  await jenkins.matches(recorded(file, "pipeline log"), { path: logPath(build, 0) });
  await jenkins.until(async () => {
    const queue = await jenkins.send("GET", "/queue/api/json");
    return queue.text.includes("BuildableItem") && !queue.text.includes("WaitingItem") ? true : undefined;
  });
  await jenkins.matches(recorded(file, "queue list"));
  await jenkins.matches(recorded(file, "stop a pipeline"), { path: `/job/${JOB}/${build}/stop` });
  expect(await jenkins.result(JOB, build)).toBe("ABORTED");
  await jenkins.matches(recorded(file, "and its result"), {
    path: api(build, "number,building,result,duration"),
  });
  await jenkins.send("POST", `/queue/cancelItem?id=${freestyle}`);
  await jenkins.send("POST", `/job/${JOB}/${busy}/stop`);
  await jenkins.result(JOB, busy);
});

test("38: a Pipeline that may not run twice at once is blocked by itself", async () => {
  const file = "38-queue-blocked-concurrent-off";
  const path = "/job/refract-build-pipeline-serial/buildWithParameters?delay=0sec";
  const send = async (attempt: string) =>
    itemId(
      await jenkins.replay(trigger, {
        path,
        form: { REFRACT_ATTEMPT_ID: attempt, BUILD_COMMAND: "sleep 600" },
      }),
    );
  const running = await jenkins.buildOf(await send("one"));
  const id = await send("two");
  const blocked = await jenkins.until(async () => {
    const reply = await jenkins.send("GET", itemPath(id));
    return reply.text.includes("BlockedItem") ? reply : undefined;
  });
  expect(JSON.parse(blocked.text).why).toMatch(/^Build #1 is already in progress \(ETA: /);
  expect(recorded(file, "blocked").response.status).toBe(blocked.status);
  await jenkins.send("POST", `/queue/cancelItem?id=${id}`);
  await jenkins.send("POST", `/job/refract-build-pipeline-serial/${running}/stop`);
  await jenkins.result("refract-build-pipeline-serial", running);
});

test("63: a quiet-down blocks a Pipeline", async () => {
  const file = "63-quiet-down";
  await jenkins.matches(recorded(file, "quietDown"));
  const id = itemId(await jenkins.matches(recorded(file, "trigger pipeline")));
  await jenkins.until(async () => {
    const reply = await jenkins.send("GET", itemPath(id));
    return reply.text.includes("BlockedItem") ? true : undefined;
  });
  await jenkins.matches(recorded(file, "pipeline item"), { path: itemPath(id) });
  await jenkins.matches(recorded(file, "cancelQuietDown"));
  expect(await jenkins.result(JOB, await jenkins.buildOf(id))).toBe("SUCCESS");
});

describe("70: a restart", () => {
  const file = "70-restart";

  test("leaves a Pipeline alone: it keeps its number and log, its command is not run twice", async () => {
    const server = new Harness();
    const count = join(work, "runs");
    const command = `echo run >> '${count}'; echo tick 1; ${waitFor("resumed")}; echo tick 2; echo $SECRET`;
    try {
      await server.start({ executors: 1 });
      await server.createJob(JOB, true, "pipeline");
      const item = itemId(
        await server.replay(trigger, { form: { REFRACT_ATTEMPT_ID: "restart", BUILD_COMMAND: command } }),
      );
      const build = await server.buildOf(item);
      await logHas(build, "\r\ntick 1\r\n", server);
      const before = await server.send("GET", logPath(build, 0));
      const tree = "number,building,result,duration";
      await server.matches(recorded(file, "before: running pipeline"), { path: api(build, tree) });
      await server.stop(true);

      await server.start({ executors: 1 });
      await server.matches(recorded(file, "after: running pipeline"), { path: api(build, tree) });
      const left = itemPath(item);
      server.compare(recorded(file, "after: left item of the pipeline"), await server.send("GET", left), {
        path: left,
      });
      const size = before.headers.get("x-text-size") ?? "";
      writeFileSync(gate("resumed"), "");
      expect(await server.result(JOB, build)).toBe("SUCCESS");
      await server.matches(recorded(file, "later: pipeline build"), { path: api(build, tree) });
      const rest = await server.send("GET", logPath(build, size));
      expect(rest.text).toMatch(
        /^Resuming build at .* after Jenkins restart\r\nWaiting to resume part of refract-build-pipeline #1\r\n/,
      );
      expect(rest.text).toContain("\r\ntick 2\r\n");
      expect(rest.text).not.toMatch(/stage: Build|\+ echo/);
      expect(before.text + rest.text).toBe((await server.send("GET", logPath(build, 0))).text);
      expect(readFileSync(count, "utf8")).toBe("run\n");
      expect(await stages(build, server)).toEqual([
        "Checkout SUCCESS",
        "Build SUCCESS",
        "Image SUCCESS",
        "Push SUCCESS",
      ]);
    } finally {
      await server.close();
    }
  });

  test("that takes the nodes along fails it, and one that only waited for a node gets it", async () => {
    const server = new Harness();
    try {
      await server.start({ executors: 1 });
      await server.createJob(JOB, true, "pipeline");
      const running = await start(
        { REFRACT_ATTEMPT_ID: "lost", BUILD_COMMAND: "echo up; sleep 600" },
        server,
      );
      await logHas(running, "\r\nup\r\n", server);
      const waiting = await start({ REFRACT_ATTEMPT_ID: "waits", BUILD_COMMAND: "echo late" }, server);
      await server.stop();
      await server.start({ executors: 1 });
      expect(await server.result(JOB, running)).toBe("FAILURE");
      const lost = await server.send("GET", `/job/${JOB}/${running}/consoleText`);
      expect(lost.text).toContain("ERROR: script returned exit code -1\n");
      expect(lost.text).not.toContain("Aborted");
      expect(await server.result(JOB, waiting)).toBe("SUCCESS");
    } finally {
      await server.close();
    }
  });
});

test("a running Pipeline's secrets are kept for its owner alone, and gone when it has ended", async () => {
  const server = new Harness();
  try {
    await server.start({ executors: 1, jobName: JOB, jobKind: "pipeline" });
    const form = {
      REFRACT_ATTEMPT_ID: "secret",
      BUILD_COMMAND: "echo key is $KEY",
      SECRET_BUILD_VARIABLES: "KEY=geheim",
    };
    const reply = await server.send("POST", `/job/${JOB}/buildWithParameters?delay=0sec`, {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
    const build = await server.buildOf(itemId(reply));
    expect(await server.result(JOB, build)).toBe("SUCCESS");
    const folder = join(server.dataDir, "jobs", JOB, "builds", String(build));
    expect(readFileSync(join(folder, "build.json"), "utf8")).not.toContain("geheim");
    expect(readFileSync(join(folder, "log"), "utf8")).toContain("\nkey is ****\n");
    expect(existsSync(join(server.dataDir, "durable", `${JOB}-${build}`))).toBe(false);
  } finally {
    await server.close();
  }
});
