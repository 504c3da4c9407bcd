import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Jenkins from "jenkins";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Harness, itemId } from "./testing/harness.ts";
import { recorded } from "./testing/recording.ts";
import { startRegistryStub } from "./testing/registry-stub.ts";
import { bareRepository } from "./testing/repository.ts";

const jenkins = new Harness();
const work = mkdtempSync(join(tmpdir(), "refract-builds-"));
const registry = await startRegistryStub();
const trigger = recorded("64-delay-0sec", "trigger");
const repository = bareRepository(work, {
  "service/Dockerfile": "ARG BASE_IMAGE\nFROM scratch\nCOPY app.txt /app/\n",
  "service/app.txt": "hello\n",
});

beforeAll(async () => {
  await jenkins.start({ quietPeriodSeconds: 0 });
  await jenkins.createJob("refract-build");
});

afterAll(async () => {
  await jenkins.close();
  await registry.close();
  rmSync(work, { recursive: true, force: true });
});

/** Starts a build and answers its number. */
async function start(form: Record<string, string>): Promise<number> {
  return jenkins.buildOf(itemId(await jenkins.replay(trigger, { form })));
}

const api = (build: number, tree = "") =>
  `/job/refract-build/${build}/api/json${tree === "" ? "" : `?tree=${tree}`}`;
const logPath = (build: number, start?: number | string) =>
  `/job/refract-build/${build}/logText/progressiveText${start === undefined ? "" : `?start=${start}`}`;

describe("a build with an image", () => {
  let build = 0;

  test("44, 45, 60: succeeds and archives its result", async () => {
    build = await start({
      REFRACT_ATTEMPT_ID: "real-1",
      GIT_URL: repository.url,
      GIT_COMMIT: repository.commit,
      SUB_PATH: "service",
      IMAGE: `${registry.host}/payments/api:1`,
    });
    const result = await jenkins.result("refract-build", build);
    const log = await jenkins.send("GET", `/job/refract-build/${build}/consoleText`);
    expect(result, log.text).toBe("SUCCESS");
    await jenkins.matches(recorded("44-freestyle-build-success"), { path: api(build) });
    const path = `/job/refract-build/${build}/artifact/refract-result.json`;
    const artifact = await jenkins.like(recorded("45-freestyle-artifact-download"), { path });
    expect(JSON.parse(artifact.text)).toEqual({
      attemptId: "real-1",
      commit: repository.commit,
      image: `${registry.host}/payments/api:1`,
      digest: registry.digest("payments/api", "1"),
    });
  });

  test("46: has no stages of a Pipeline", async () => {
    const path = `/job/refract-build/${build}/wfapi/describe`;
    await jenkins.matches(recorded("46-freestyle-wfapi-describe"), { path });
  });

  test("48: an artifact cannot lie outside of the archive", async () => {
    const path = `/job/refract-build/${build}/artifact/..%2Fbuild.json`;
    expect((await jenkins.send("GET", path)).status).toBe(404);
  });
});

test("47, 48: a failed build", async () => {
  const build = await start({ REFRACT_ATTEMPT_ID: "fails", BUILD_COMMAND: "exit 3" });
  expect(await jenkins.result("refract-build", build)).toBe("FAILURE");
  await jenkins.matches(recorded("47-freestyle-build-failure"), { path: api(build) });
  const path = `/job/refract-build/${build}/artifact/refract-result.json`;
  await jenkins.matches(recorded("48-freestyle-artifact-missing-404"), { path });
});

test("22-24: an unknown parameter is dropped, the build does not see it", async () => {
  const reply = await jenkins.replay(recorded("22-unknown-parameter-201"));
  const build = await jenkins.buildOf(itemId(reply));
  await jenkins.result("refract-build", build);
  await jenkins.matches(recorded("23-unknown-parameter-dropped"), {
    path: api(build, "number,result,actions[parameters[name,value]]"),
  });
  const console = await jenkins.matches(recorded("24-unknown-parameter-console"), {
    path: `/job/refract-build/${build}/consoleText`,
  });
  expect(console.text).toContain("\nunknown=[]\n");
  expect(console.text).toMatch(/^Started by user admin\nRunning as SYSTEM\nBuilding in workspace /);
  expect(console.text).toMatch(/\nFinished: SUCCESS\n$/);
});

describe("40-43: the log of a running build", () => {
  const gate = (n: number) => join(work, `gate-${n}`);
  const wait = (n: number) => `while [ ! -e '${gate(n)}' ]; do sleep 0.05; done`;
  const command =
    `echo 第一行; ${wait(1)}; printf '没有换行'; ${wait(2)}; printf '\\344\\270'; sleep 0.1; ` +
    `printf '\\255换行了\\n'; ${wait(3)}`;
  let build = 0;
  let offset = 0;

  const progressive = async (from: number) => {
    const reply = await jenkins.send("GET", logPath(build, from));
    return {
      text: reply.text,
      size: Number(reply.headers.get("x-text-size")),
      more: reply.headers.get("x-more-data"),
    };
  };

  test("grows by whole lines, in offsets of the raw log, with CRLF", async () => {
    build = await start({ REFRACT_ATTEMPT_ID: "log", BUILD_COMMAND: command });
    await jenkins.until(async () =>
      (await progressive(0)).text.includes("\r\n第一行\r\n") ? true : undefined,
    );
    await jenkins.matches(recorded("40-freestyle-build-running"), { path: api(build) });
    const first = await jenkins.matches(recorded("41-freestyle-progressive-text", "start=0"), {
      path: logPath(build, 0),
    });
    offset = Number(first.headers.get("x-text-size"));
    // A hidden note makes the offset larger than the text, CRLF makes the text longer than LF.
    expect(offset).toBeGreaterThan(Buffer.byteLength(first.text));
    expect(first.text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("an unfinished line is held back, also with a character cut in two", async () => {
    writeFileSync(gate(1), "");
    expect(await progressive(offset)).toEqual({ text: "", size: offset, more: "true" });
    writeFileSync(gate(2), "");
    const line = await jenkins.until(async () => {
      const piece = await progressive(offset);
      return piece.text === "" ? undefined : piece;
    });
    expect(line).toEqual({ text: "没有换行中换行了\r\n", size: offset + 25, more: "true" });
    writeFileSync(gate(3), "");
    await jenkins.result("refract-build", build);
  });

  test("42: odd offsets", async () => {
    const file = "42-freestyle-progressive-text-offsets";
    const whole = await jenkins.matches(recorded(file, "from 0"), { path: logPath(build, 0) });
    const size = Number(whole.headers.get("x-text-size"));
    const end = await jenkins.matches(recorded(file, "exactly at"), { path: logPath(build, size) });
    expect(end.text).toBe("");
    const beyond = await jenkins.matches(recorded(file, "beyond"), { path: logPath(build, size + 5000) });
    expect(beyond.text).toBe(whole.text);
    const none = await jenkins.matches(recorded(file, "no start"), { path: logPath(build) });
    expect(none.text).toBe(whole.text);
    const inside = await jenkins.matches(recorded(file, "start inside"), {
      path: logPath(build, offset + 23),
    });
    expect(inside.text).toMatch(/^\ufffd\r\n/);
    await jenkins.matches(recorded(file, "start=-1"), { path: logPath(build, -1) });
    await jenkins.matches(recorded(file, "start=abc"), { path: logPath(build, "abc") });
  });

  test("43: consoleText has the same with LF", async () => {
    const path = `/job/refract-build/${build}/consoleText`;
    const console = await jenkins.matches(recorded("43-freestyle-console-text"), { path });
    const whole = await progressive(0);
    expect(whole.more).toBeNull();
    expect(whole.text.replaceAll("\r\n", "\n")).toBe(console.text);
  });
});

test("49: stop ends the whole process group", async () => {
  const file = "49-freestyle-stop";
  const survivor = join(work, "survivor");
  // Deaf to the first signal: the build is still running right after it was asked to stop.
  const command = `trap '' TERM; (while :; do echo alive >> '${survivor}'; sleep 0.05; done) & echo up; sleep 600`;
  const build = await start({ REFRACT_ATTEMPT_ID: "stop", BUILD_COMMAND: command });
  const path = `/job/refract-build/${build}/stop`;
  await jenkins.until(async () => {
    const log = await jenkins.send("GET", logPath(build, 0));
    return log.text.includes("\r\nup\r\n") ? true : undefined;
  });
  await jenkins.matches(recorded(file, "viewer"), { path });
  await jenkins.matches(recorded(file, "GET instead"), { path });
  await jenkins.matches(recorded(file, "stop"), { path });
  await jenkins.matches(recorded(file, "right after"), {
    path: api(build, "number,building,result,duration"),
  });
  expect(await jenkins.result("refract-build", build)).toBe("ABORTED");
  await jenkins.matches(recorded(file, "final build JSON"), { path: api(build) });
  await jenkins.matches(recorded(file, "stop again"), { path });
  await jenkins.matches(recorded(file, "stop of a build that does not"));
  const log = await jenkins.send("GET", `/job/refract-build/${build}/consoleText`);
  expect(log.text).toMatch(
    /\nBuild was aborted\nAborted by admin\nArchiving artifacts\nFinished: ABORTED\n$/,
  );
  // What the command left in the background has to be silent now.
  const written = readFileSync(survivor, "utf8");
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(readFileSync(survivor, "utf8")).toBe(written);
});

test("60: builds are found by parameter, newest first", async () => {
  const reply = await jenkins.matches(recorded("60-find-build-by-parameter"));
  const numbers = [...reply.text.matchAll(/"number":(\d+)/g)].map((match) => Number(match[1]));
  expect(numbers.length).toBeGreaterThan(3);
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  const two = await jenkins.send("GET", "/job/refract-build/api/json?tree=builds[number]{1,3}");
  expect([...two.text.matchAll(/"number":(\d+)/g)].map((match) => Number(match[1]))).toEqual(
    numbers.slice(1, 3),
  );
});

test("the jenkins client of npm works with it, with token and with password", async () => {
  for (const secret of ["admin-token", "admin-password"]) {
    const client = new Jenkins({
      baseUrl: jenkins.url.replace("//", `//admin:${secret}@`),
      crumbIssuer: true,
      headers: {},
      timeout: 30_000,
      agent: new Agent(),
    });
    const tree = "name,buildable";
    expect(await client.job.get({ name: "refract-build", tree })).toMatchObject({ buildable: true });
    await expect(client.job.get({ name: "no-such-job", tree })).rejects.toThrow("not found");
    const parameters = { REFRACT_ATTEMPT_ID: secret, BUILD_COMMAND: "echo from the client; sleep 600" };
    const item = await client.job.build({ name: "refract-build", parameters, delay: "0sec" });
    const number = await jenkins.buildOf(Number(item));
    await client.build.stop({ name: "refract-build", number });
    expect(await jenkins.result("refract-build", number)).toBe("ABORTED");
    expect(await client.build.get({ name: "refract-build", number, tree: "number,result" })).toMatchObject({
      number,
      result: "ABORTED",
    });
  }
});
