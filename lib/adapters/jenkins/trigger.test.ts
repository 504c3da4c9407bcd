import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { failureOf } from "./testing/failure-of.ts";
import { answer, recorded, replays } from "./testing/replayed.ts";

const replayed = replays();
afterEach(() => replayed.close());

describe("trigger", () => {
  test("names the queue item and tells a merged trigger from a new one", async () => {
    const series = await recorded("30-identical-triggers-are-merged", "first", "identical: same Location");
    const { server, requests } = await replayed.jenkins(series);
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
    const { server } = await replayed.jenkins(await recorded("13-viewer-trigger-403"));
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
    const { server } = await replayed.jenkins(await recorded("26-disabled-job", "trigger"), {
      jobName: "refract-build-serial",
    });
    expect(await failureOf(server.trigger({ parameters: {} }))).toMatchObject({
      failure: "conflict",
      status: 409,
    });
  });

  test("an answer without a queue item leaves the outcome unknown", async () => {
    const path = "/job/refract-build/buildWithParameters";
    const { server } = await replayed.jenkins([answer("POST", path, 201)]);
    const error = await failureOf(server.trigger({ parameters: {} }));
    expect(error).toMatchObject({ failure: "broken", details: { outcome: "unknown" } });
  });

  test("a server that is not there was never asked", async () => {
    const { server, close } = await replayed.jenkins([]);
    await close();
    const error = await failureOf(server.trigger({ parameters: {} }));
    expect(error).toMatchObject({ failure: "unreachable", retryable: true, details: { outcome: "refused" } });
  });
});
