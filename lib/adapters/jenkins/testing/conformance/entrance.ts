import { expect } from "vitest";
import { z } from "zod";
import { detailsOf, refusal } from "../../failure.ts";
import { failureOf } from "../failure-of.ts";
import type { ConformanceCase, Theme } from "./case.ts";

const crumb = z.object({ crumb: z.string().min(1), crumbRequestField: z.string().min(1) });

const cases: ConformanceCase[] = [
  {
    rows: ["01"],
    title: "the version is told to everybody, on the sign-in page",
    async run({ raw }) {
      const reply = await raw("GET", "/login", { as: "nobody" });
      expect(reply.headers.get("x-jenkins")).toMatch(/^\d+\.\d+/);
    },
  },
  {
    rows: ["01", "02", "03"],
    title: "the doctor finds the server, its version, who asks, and that builds are started",
    async run({ server, settings }) {
      const findings = await server().check();
      const of = (code: string) => findings.find((finding) => finding.code === code);
      for (const code of ["REACHABLE", "VERSION", "AUTHENTICATED", "ACCEPTS_BUILDS", "EXECUTORS"]) {
        expect(of(code)?.ok, code).toBe(true);
      }
      expect(of("AUTHENTICATED")?.facts?.user).toBe(settings.username);
    },
  },
  {
    rows: ["02"],
    title: "the root answers what its tree asks for and no more",
    async run({ json }) {
      const root = z
        .record(z.string(), z.unknown())
        .parse(await json("/api/json?tree=mode,quietingDown,noSuchKey"));
      expect(
        Object.keys(root)
          .filter((key) => key !== "_class")
          .sort(),
      ).toEqual(["mode", "quietingDown"]);
    },
  },
  {
    rows: ["03"],
    title: "nobody is somebody of their own",
    async run({ raw }) {
      const reply = await raw("GET", "/whoAmI/api/json", { as: "nobody" });
      expect(z.object({ anonymous: z.boolean() }).parse(JSON.parse(reply.text))).toEqual({ anonymous: true });
    },
  },
  {
    rows: ["04"],
    title: "a crumb comes with the cookie of its session",
    needs: ["password"],
    async run({ raw }) {
      const reply = await raw("GET", "/crumbIssuer/api/json", { as: "password" });
      crumb.parse(JSON.parse(reply.text));
      expect(reply.headers.getSetCookie().join()).toContain("JSESSIONID");
    },
  },
  {
    rows: ["05", "09"],
    title: "with an API token no crumb is fetched and none is needed",
    async run({ proxyTo, settings, server, attempt, parameters }) {
      const proxy = await proxyTo(settings.url);
      try {
        const { queueId } = await server("freestyle", { url: proxy.url }).trigger({
          parameters: parameters(attempt()),
        });
        expect(queueId).toBeGreaterThan(0);
        expect(proxy.requests.map(({ method }) => method)).toEqual(["POST"]);
      } finally {
        await proxy.close();
      }
    },
  },
  {
    rows: ["06", "07"],
    title: "a password without a crumb, or with one of no session, is refused in the same words",
    needs: ["password"],
    async run({ raw, jobPath, parameters, attempt }) {
      const path = `${jobPath("freestyle")}/buildWithParameters`;
      const form = parameters(attempt());
      const issued = crumb.parse(
        JSON.parse((await raw("GET", "/crumbIssuer/api/json", { as: "password" })).text),
      );
      const headers = { [issued.crumbRequestField]: issued.crumb };
      for (const reply of [
        await raw("POST", path, { as: "password", form }),
        await raw("POST", path, { as: "password", form, headers }),
      ]) {
        expect(reply.status).toBe(403);
        expect(reply.text).toContain("No valid crumb was included in the request");
      }
    },
  },
  {
    rows: ["04", "08"],
    title: "a password with its crumb and its session triggers, again and again",
    needs: ["password"],
    async run({ server, password, parameters, attempt, until }) {
      const withPassword = server("freestyle", { token: password ?? "", credentialKind: "password" });
      for (const attemptId of [attempt(), attempt()]) {
        await withPassword.trigger({ parameters: parameters(attemptId) });
        await until(async () =>
          expect((await withPassword.findAttempt(attemptId))?.number).toBeGreaterThan(0),
        );
      }
    },
  },
  {
    rows: ["08", "70"],
    title: "a session that a restart ended is opened again, unasked",
    needs: ["password", "own"],
    async run({ server, password, parameters, attempt, own }) {
      const withPassword = server("freestyle", { token: password ?? "", credentialKind: "password" });
      await withPassword.trigger({ parameters: parameters(attempt()) });
      await own?.restart();
      const { queueId } = await withPassword.trigger({ parameters: parameters(attempt()) });
      expect(queueId).toBeGreaterThan(0);
    },
  },
  {
    rows: ["10"],
    title: "a wrong token is refused as such, and asking again is of no use",
    async run({ server }) {
      const stranger = server("freestyle", { token: "no-such-token" });
      const error = await failureOf(stranger.build(1));
      expect(error).toMatchObject({ failure: "unauthorized", status: 401, retryable: false });
      expect(detailsOf(error).reason).toBe("credential_refused");
      const findings = await stranger.check();
      expect(findings.find(({ ok }) => ok === false)?.code).toBe("AUTHENTICATED");
    },
  },
  {
    rows: ["11"],
    title: "no credential at all is another refusal, and a page",
    async run({ raw, jobPath }) {
      const reply = await raw("GET", `${jobPath("freestyle")}/config.xml`, { as: "nobody" });
      expect(reply.status).toBe(403);
      const response = new Response(reply.text, { status: reply.status, headers: reply.headers });
      const error = refusal("config", response, reply.text);
      expect(["sign_in_asked", "permission_missing"]).toContain(detailsOf(error).reason);
      expect(error.retryable).toBe(false);
    },
  },
  {
    rows: ["12", "37"],
    title: "who may only read sees job, queue items and builds",
    needs: ["viewer"],
    async run({ server, viewer, begin, ended }) {
      const { number, queueId } = await begin("freestyle", "echo read me");
      await ended("freestyle", number);
      const reader = server("freestyle", viewer ?? {});
      expect(await reader.undeclaredParameters(["IMAGE"])).toEqual([]);
      expect(await reader.queueItem(queueId)).toEqual({ state: "left", number });
      expect(await reader.build(number)).toMatchObject({ number, state: "succeeded" });
    },
  },
  {
    rows: ["13"],
    title: "a trigger without the right is refused, and the right is named",
    needs: ["viewer"],
    async run({ server, viewer, attempt, parameters }) {
      const reader = server("freestyle", viewer ?? {});
      const attemptId = attempt();
      const error = await failureOf(reader.trigger({ parameters: parameters(attemptId) }));
      expect(error).toMatchObject({ failure: "forbidden", status: 403, retryable: false });
      expect(error.details).toMatchObject({
        reason: "permission_missing",
        permission: "hudson.model.Item.Build",
        outcome: "refused",
      });
      expect(await reader.findAttempt(attemptId)).toBeNull();
      const denied = (await reader.check()).filter(({ ok }) => ok === false).map(({ code }) => code);
      expect(denied).toContain("MAY_BUILD");
    },
  },
  {
    rows: ["14"],
    title: "a job that is not there is a finding, and missing to every question",
    async run({ server, jobName }) {
      const lost = server("freestyle", { jobName: `${jobName("freestyle")}-no` });
      expect((await lost.check()).find(({ ok }) => ok === false)?.code).toBe("JOB_EXISTS");
      expect(await failureOf(lost.undeclaredParameters(["IMAGE"]))).toMatchObject({ failure: "missing" });
      expect(await failureOf(lost.findAttempt("nobody"))).toMatchObject({ failure: "missing", status: 404 });
    },
  },
  {
    rows: ["15"],
    title: "a trigger of a job that is not there was surely refused",
    async run({ server, jobName, attempt, parameters }) {
      const lost = server("freestyle", { jobName: `${jobName("freestyle")}-no` });
      const error = await failureOf(lost.trigger({ parameters: parameters(attempt()) }));
      expect(error).toMatchObject({ failure: "missing", status: 404, details: { outcome: "refused" } });
    },
  },
  {
    rows: ["14", "16"],
    title: "a build that is not there is null wherever it may be so",
    async run({ server }) {
      const number = 999_999;
      expect(await server().build(number)).toBeNull();
      expect(await server().stages(number)).toBeNull();
      expect(await server().result(number)).toBeNull();
      expect(await server().openConsole(number)).toBeNull();
      expect(await failureOf(server().openLog(number, 0))).toMatchObject({ failure: "missing" });
      expect(await failureOf(server().stop(number))).toMatchObject({ failure: "missing" });
    },
  },
  {
    rows: ["14", "16"],
    title: "what is missing is a page, never data",
    async run({ raw, jobPath }) {
      for (const path of [`${jobPath("freestyle")}-no/api/json`, `${jobPath("freestyle")}/999999/api/json`]) {
        const reply = await raw("GET", path);
        expect(reply.status).toBe(404);
        expect(reply.headers.get("content-type")).toMatch(/^text\/html/);
      }
    },
  },
];

export const entrance: Theme = { name: "the entrance: who asks, and what is not there", cases };
