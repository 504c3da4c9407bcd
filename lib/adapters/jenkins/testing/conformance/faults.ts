import { expect } from "vitest";
import type { BuildServer } from "../../../ports.ts";
import { detailsOf } from "../../failure.ts";
import { failureOf } from "../failure-of.ts";
import type { ConformanceCase, Theme } from "./case.ts";
import type { Breakage, BreakingProxy, Passing } from "./target.ts";
import type { World } from "./world.ts";

const isTrigger = ({ method, path }: Passing): boolean =>
  method === "POST" && path.endsWith("/buildWithParameters");

/** Calls the server through a proxy that does this to every request, or to those that are chosen. */
async function broken<T>(
  world: World,
  fault: Breakage,
  act: (server: BuildServer, proxy: BreakingProxy) => Promise<T>,
  chosen: (request: Passing) => boolean = () => true,
): Promise<T> {
  const proxy = await world.proxyTo(world.settings.url);
  proxy.rule((request) => (chosen(request) ? fault : null));
  try {
    return await act(world.server("freestyle", { url: proxy.url, timeoutMs: 3_000 }), proxy);
  } finally {
    await proxy.close();
  }
}

const page = (status: number, body: string, headers: Record<string, string> = {}): Breakage => ({
  answer: { status, body, headers: { "content-type": "text/html", ...headers } },
});
const SIGN_IN = '<html><form action="j_spring_security_check"><input type="password"></form></html>';

/** Triggers through the fault; the error, and what the server has of the attempt afterwards. */
async function lostTrigger(world: World, fault: Breakage) {
  const attemptId = world.attempt();
  const parameters = world.parameters(attemptId);
  const error = await broken(world, fault, (server) => failureOf(server.trigger({ parameters })), isTrigger);
  return { error, found: await world.server().findAttempt(attemptId) };
}

const triggers: ConformanceCase[] = [
  {
    rows: ["09", "60"],
    title: "a trigger whose answer is lost may have been taken, and is found",
    async run(world) {
      const { error, found } = await lostTrigger(world, { lose: "answer" });
      expect(error).toMatchObject({
        failure: "unreachable",
        retryable: true,
        details: { outcome: "unknown" },
      });
      expect(found?.queueId).toBeGreaterThan(0);
    },
  },
  {
    rows: ["09", "60"],
    title: "a trigger that is lost on its way may have been taken, for all that is known, and is not found",
    async run(world) {
      const { error, found } = await lostTrigger(world, { lose: "request" });
      expect(error).toMatchObject({
        failure: "unreachable",
        retryable: true,
        details: { outcome: "unknown" },
      });
      expect(found).toBeNull();
    },
  },
  {
    rows: ["09", "60"],
    title: "a proxy's 502 after the trigger was taken leaves it open",
    async run(world) {
      const fault = { ...page(502, "<h1>Bad Gateway</h1>"), after: true };
      const { error, found } = await lostTrigger(world, fault);
      expect(error).toMatchObject({ failure: "broken", retryable: true, details: { outcome: "unknown" } });
      expect(found?.queueId).toBeGreaterThan(0);
    },
  },
  {
    rows: ["09"],
    title: "a trigger without an answer in time may have been taken",
    async run(world) {
      const { error } = await lostTrigger(world, { silent: true });
      expect(error).toMatchObject({
        failure: "unreachable",
        retryable: true,
        details: { reason: "timeout", outcome: "unknown" },
      });
    },
  },
  {
    rows: ["09", "30"],
    title: "too many requests are a refusal to ask again after",
    async run(world) {
      const { error, found } = await lostTrigger(world, page(429, "slow down"));
      expect(error).toMatchObject({ failure: "throttled", retryable: true, details: { outcome: "refused" } });
      expect(found).toBeNull();
    },
  },
  {
    rows: ["09", "30"],
    title: "a redirect to a sign-in page is followed by nobody and taken for no success",
    async run(world) {
      for (const status of [302, 303]) {
        const { error } = await lostTrigger(
          world,
          page(status, "", { location: "http://sso.test/login?from=%2F" }),
        );
        expect(error).toMatchObject({ failure: "unauthorized", details: { reason: "sign_in_asked" } });
      }
    },
  },
  {
    rows: ["09"],
    title: "a 201 that names no queue item leaves it open",
    async run(world) {
      const fault = { ...page(201, ""), after: true };
      const { error, found } = await lostTrigger(world, fault);
      expect(error.details).toMatchObject({ outcome: "unknown" });
      expect(found?.queueId).toBeGreaterThan(0);
    },
  },
];

const questions: ConformanceCase[] = [
  {
    rows: ["02", "11"],
    title: "a sign-in page in the place of data is told apart from data",
    async run(world) {
      const error = await broken(world, page(200, SIGN_IN), (server) => failureOf(server.build(1)));
      expect(error).toMatchObject({ failure: "unauthorized", details: { reason: "sign_in_asked" } });
    },
  },
  {
    rows: ["02", "44"],
    title: "another page, or data of another shape, is not taken for a state, and not asked for again",
    async run(world) {
      const other = await broken(world, page(200, "<h1>Welcome</h1>"), (server) =>
        failureOf(server.build(1)),
      );
      expect(other).toMatchObject({
        failure: "broken",
        retryable: false,
        details: { reason: "not_jenkins" },
      });
      const odd = {
        answer: { status: 200, body: '{"number":"one"}', headers: { "content-type": "application/json" } },
      };
      expect(await broken(world, odd, (server) => failureOf(server.build(1)))).toMatchObject({
        failure: "broken",
        retryable: false,
      });
    },
  },
  {
    rows: ["40", "44"],
    title: "a gateway's 502, 503 and 504 are worth asking again, and are no missing build",
    async run(world) {
      for (const status of [502, 503, 504]) {
        const error = await broken(world, page(status, "<h1>gateway</h1>"), (server) =>
          failureOf(server.build(1)),
        );
        expect(error).toMatchObject({ status, retryable: true });
      }
    },
  },
  {
    rows: ["44"],
    title: "an answer that ends too soon is not read",
    async run(world) {
      const { number } = await world.begin("freestyle", "true");
      await world.ended("freestyle", number);
      const error = await broken(world, { cut: 40 }, (server) => failureOf(server.build(number)));
      expect(error.failure).toBe("broken");
    },
  },
  {
    rows: ["32", "60"],
    title: "a search that fails half way does not say that the attempt is nowhere",
    async run(world) {
      const search = (server: BuildServer) => failureOf(server.findAttempt(world.attempt()));
      const builds = ({ path }: Passing) => path.startsWith("/job/");
      expect(await broken(world, page(500, "Oops!"), search, builds)).toMatchObject({ retryable: true });
    },
  },
  {
    rows: ["35", "49"],
    title: "a cancel or a stop that a proxy swallowed is not taken for done",
    async run(world) {
      const { number } = await world.begin("freestyle", "sleep 300");
      const away = page(302, "", { location: "http://sso.test/oauth2/start" });
      const stop = await broken(world, away, (server) => failureOf(server.stop(number)));
      expect(detailsOf(stop).reason).toBe("sign_in_asked");
      const cancel = await broken(world, away, (server) => failureOf(server.cancelQueueItem(1)));
      expect(detailsOf(cancel).reason).toBe("sign_in_asked");
      await world.stop("freestyle", number);
    },
  },
  {
    rows: ["41"],
    title: "a log whose answer has no offset is not taken for one",
    async run(world) {
      const fault = { answer: { status: 200, body: "text", headers: { "content-type": "text/plain" } } };
      const error = await broken(world, fault, (server) => failureOf(server.openLog(1, 0)));
      expect(error).toMatchObject({
        failure: "broken",
        retryable: false,
        details: { reason: "not_jenkins" },
      });
    },
  },
  {
    rows: ["41"],
    title: "who asks may give up, at once",
    async run(world) {
      const error = await broken(world, { silent: true }, (server) => {
        const controller = new AbortController();
        const call = failureOf(server.build(1, { signal: controller.signal }));
        controller.abort();
        return call;
      });
      expect(error).toMatchObject({ failure: "unreachable", details: { reason: "given_up" } });
    },
  },
];

export const faults: Theme = { name: "what happens on the way", cases: [...triggers, ...questions] };
