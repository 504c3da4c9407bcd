import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { BuildServer } from "../ports.ts";
import { JOB_PARAMETERS } from "./parameters.ts";
import type { JenkinsSettings } from "./server.ts";
import { createJenkins } from "./server.ts";

const WAIT = { timeout: 45_000, interval: 250 };

function jobXml(): string {
  const definitions = JOB_PARAMETERS.map((name) => {
    const kind = name === "SECRET_BUILD_VARIABLES" ? "Password" : "String";
    return `<hudson.model.${kind}ParameterDefinition><name>${name}</name><defaultValue></defaultValue></hudson.model.${kind}ParameterDefinition>`;
  });
  return [
    "<?xml version='1.1' encoding='UTF-8'?>",
    "<project><description>Made by a conformance run</description><properties>",
    "<hudson.model.ParametersDefinitionProperty><parameterDefinitions>",
    ...definitions,
    "</parameterDefinitions></hudson.model.ParametersDefinitionProperty></properties>",
    "<disabled>false</disabled><concurrentBuild>true</concurrentBuild>",
    "<builders><hudson.tasks.Shell><command>echo conformance; exit 1</command></hudson.tasks.Shell></builders>",
    "</project>",
  ].join("\n");
}

/**
 * What every server behind the `BuildServer` port must do. Makes one job with a random name; the repository that its
 * builds name does not exist, so that each of them fails wherever it runs.
 */
export function buildServerConformance(settings: Omit<JenkinsSettings, "jobName">): void {
  const jobName = `refract-conformance-${randomBytes(4).toString("hex")}`;
  const parameters = (attempt: string): Record<string, string> => ({
    ...Object.fromEntries(JOB_PARAMETERS.map((name) => [name, ""])),
    REFRACT_ATTEMPT_ID: `${jobName}-${attempt}`,
    GIT_URL: "file:///does-not-exist.git",
    GIT_COMMIT: "0000000000000000000000000000000000000001",
    BUILD_VARIABLES: JSON.stringify({ GREETING: "你好 & goodbye" }),
  });
  let server: BuildServer;
  let number = 0;

  beforeAll(async () => {
    server = createJenkins({ ...settings, jobName });
    expect(await server.ensureJob(jobXml())).toBe("created");
  });
  afterAll(async () => {
    // The portal never deletes a job, so the port cannot.
    const authorization = `Basic ${Buffer.from(`${settings.username}:${settings.token}`).toString("base64")}`;
    const address = `${settings.url.replace(/\/$/, "")}/job/${jobName}/doDelete`;
    await fetch(address, { method: "POST", headers: { authorization }, redirect: "manual" });
  });

  describe("set-up", () => {
    test("the job is made once, and everything a build needs is there", async () => {
      expect(await server.ensureJob(jobXml())).toBe("present");
      const findings = await server.check();
      expect(findings.filter(({ ok }) => ok === false)).toEqual([]);
      expect(findings.map((finding) => finding.code)).toContain("MAY_BUILD");
    });

    test("a job that is not there is a finding, a wrong token as well", async () => {
      const lost = createJenkins({ ...settings, jobName: `${jobName}-no` });
      expect((await lost.check()).find(({ ok }) => ok === false)?.code).toBe("JOB_EXISTS");
      const stranger = createJenkins({ ...settings, token: "wrong", jobName });
      expect((await stranger.check()).find(({ ok }) => ok === false)?.code).toBe("AUTHENTICATED");
    });
  });

  describe("a build", () => {
    test("is triggered, found by its attempt id, and ends", async () => {
      const attemptId = `${jobName}-one`;
      const { queueId } = await server.trigger({ parameters: parameters("one") });
      number = await vi.waitFor(async () => {
        const found = await server.findAttempt(attemptId);
        expect(found?.queueId).toBe(queueId);
        expect(found?.number).toEqual(expect.any(Number));
        return found?.number ?? 0;
      }, WAIT);
      expect(await server.queueItem(queueId)).toEqual({ state: "left", number });
      await vi.waitFor(async () => expect((await server.build(number))?.state).toBe("failed"), WAIT);
      expect(await server.build(number)).toMatchObject({ number, queueId, startedAt: expect.any(Date) });
      expect(await server.findAttempt(`${jobName}-on`)).toBeNull();
    });

    test("has a log that ends, and no result file", async () => {
      const whole = await server.log(number, 0);
      expect(whole).toMatchObject({ complete: true, text: expect.stringContaining("Finished: FAILURE") });
      expect(await server.log(number, whole.nextOffset)).toEqual({ ...whole, text: "" });
      await expect(server.log(number, whole.nextOffset + 5000)).rejects.toMatchObject({ failure: "broken" });
      expect(await server.result(number)).toBeNull();
    });

    test("may be stopped after its end, and cancelling its queue item again does no harm", async () => {
      await server.stop(number);
      expect((await server.build(number))?.state).toBe("failed");
      const queueId = (await server.build(number))?.queueId;
      if (queueId) await server.cancelQueueItem(queueId);
    });

    test("that nobody knows is null, and its queue item gone", async () => {
      expect(await server.build(99_999)).toBeNull();
      expect(await server.queueItem(999_999)).toEqual({ state: "gone" });
      await server.cancelQueueItem(999_999);
      await expect(server.log(99_999, 0)).rejects.toMatchObject({ failure: "missing" });
    });
  });
}
