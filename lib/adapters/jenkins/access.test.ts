import { afterEach, describe, expect, test } from "vitest";
import type { Exchange } from "../testing/replay.ts";
import { createJenkins } from "./server.ts";
import { failureOf } from "./testing/failure-of.ts";
import { answer, recorded, replays } from "./testing/replayed.ts";

const replayed = replays();
afterEach(() => replayed.close());

describe("a password", () => {
  const withPassword = (exchanges: Exchange[]) =>
    replayed.jenkins(exchanges, { token: "password", credentialKind: "password" });

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
    const { server, requests, close } = await withPassword([...crumb, ...refused, ...accepted]);
    expect(await server.trigger({ parameters: {} })).toMatchObject({ queueId: 12 });
    expect(requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "POST"]);
    await close();
    const never = await withPassword([...crumb, ...refused]);
    expect(await failureOf(never.server.trigger({ parameters: {} }))).toMatchObject({
      failure: "forbidden",
      details: { reason: "crumb_refused", outcome: "refused" },
    });
    expect(never.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "POST"]);
  });

  test("reads no more of a crumb than a crumb can be", async () => {
    const endless = JSON.stringify({ crumb: "x".repeat(1024 * 1024), crumbRequestField: "Jenkins-Crumb" });
    const { server, requests } = await withPassword([answer("GET", "/crumbIssuer/api/json", 200, endless)]);
    expect(await failureOf(server.trigger({ parameters: {} }))).toMatchObject({ failure: "broken" });
    expect(requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

describe("answers that are none", () => {
  test("a redirect to a sign-in page is no success, of a trigger nor of a stop", async () => {
    const away = { location: "http://sso.test/login?from=%2F" };
    const { server } = await replayed.jenkins([
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
    const { server } = await replayed.jenkins([page]);
    expect(await failureOf(server.build(1))).toMatchObject({
      failure: "broken",
      retryable: false,
      details: { reason: "not_jenkins" },
    });
  });

  test("a proxy's 502 leaves open what became of a trigger", async () => {
    const { server } = await replayed.jenkins([
      answer("POST", "/job/refract-build/buildWithParameters", 502),
    ]);
    const error = await failureOf(server.trigger({ parameters: {} }));
    expect(error).toMatchObject({ failure: "broken", details: { outcome: "unknown" } });
  });
});

describe("credentials, timeouts, signals", () => {
  test("a wrong token and a missing one differ", async () => {
    const [bad, anonymous] = [await recorded("10-bad-token-401"), await recorded("11-anonymous-403")];
    const { server } = await replayed.jenkins([...bad, ...anonymous]);
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
