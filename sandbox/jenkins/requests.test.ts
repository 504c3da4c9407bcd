import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ADMIN, Harness, itemId } from "./testing/harness.ts";
import { recorded } from "./testing/recording.ts";

const jenkins = new Harness();

beforeAll(async () => {
  // No executor: what is triggered here stays in the queue.
  await jenkins.start({ executors: 0, jobName: "refract-build-serial" });
  await jenkins.createJob("refract-build");
  await jenkins.createJob("refract-build-pipeline", true, "pipeline");
  await jenkins.createJob("refract-build-pipeline-serial", false, "pipeline");
});

afterAll(() => jenkins.close());

describe("a request is answered as Jenkins 2.372 answered it", () => {
  test.each([
    "01-version-header-unauthenticated",
    "02-root-json-tree",
    "03-whoami",
    "04-crumb",
    "05-crumb-with-api-token",
    "06-trigger-password-without-crumb-403",
    "09-trigger-api-token-without-crumb-201",
    "10-bad-token-401",
    "11-anonymous-403",
    "12-viewer-reads-job",
    "13-viewer-trigger-403",
    "14-missing-job-404",
    "15-missing-job-trigger-404",
    "16-missing-build-404",
    "17-job-json",
    "18-job-json-tree",
    "19-job-json-tree-pipeline",
    "20-build-get-instead-of-post-405",
    "21-build-without-parameters-on-parameterised-job",
    "22-unknown-parameter-201",
    "25-default-for-missing-parameters-201",
    "36-queue-item-404",
  ])("%s", async (name) => {
    await jenkins.matches(recorded(name));
  });

  test.each(["disable", "job json", "trigger", "enable"])("26-disabled-job: %s", async (label) => {
    await jenkins.matches(recorded("26-disabled-job", label));
  });
});

describe("a crumb belongs to the session of its own answer", () => {
  const password = "Basic <admin:password>";

  async function crumb() {
    const reply = await jenkins.replay(recorded("04-crumb"));
    return {
      crumb: z.object({ crumb: z.string() }).parse(JSON.parse(reply.text)).crumb,
      cookie: reply.headers.get("set-cookie")?.split(";")[0] ?? "",
    };
  }

  test("07: without its cookie it is worth nothing", async () => {
    const recording = recorded("07-trigger-password-crumb-without-cookie-403");
    expect(recording.request.headers.authorization).toBe(password);
    await jenkins.matches(recording, { headers: { "Jenkins-Crumb": (await crumb()).crumb } });
  });

  test("08: with its cookie it is taken", async () => {
    const { crumb: value, cookie } = await crumb();
    const recording = recorded("08-trigger-password-crumb-and-cookie-201");
    await jenkins.matches(recording, { headers: { "Jenkins-Crumb": value, cookie } });
  });

  test("not with the cookie of another session", async () => {
    const [first, second] = [await crumb(), await crumb()];
    const reply = await jenkins.replay(recorded("08-trigger-password-crumb-and-cookie-201"), {
      headers: { "Jenkins-Crumb": first.crumb, cookie: second.cookie },
    });
    expect(reply.status).toBe(403);
  });
});

describe("jobs", () => {
  test("a created job is there, gives its configuration back, and can be deleted", async () => {
    await jenkins.createJob("temporary");
    expect((await jenkins.send("HEAD", "/job/temporary/api/json")).status).toBe(200);
    expect((await jenkins.send("GET", "/job/temporary/config.xml")).text).toContain("REFRACT_ATTEMPT_ID");
    expect((await jenkins.send("POST", "/job/temporary/doDelete")).status).toBe(302);
    expect((await jenkins.send("HEAD", "/job/temporary/api/json")).status).toBe(404);
  });

  test("a second job of one name is refused", async () => {
    const reply = await jenkins.send("POST", "/createItem?name=refract-build", {
      headers: { "content-type": "application/xml" },
      body: "<project/>",
    });
    expect(reply.status).toBe(400);
    expect(reply.headers.get("x-error")).toContain("already exists");
  });
});

test("the portal's job declares the build variables, and no answer has a secret one", async () => {
  const other = new Harness();
  try {
    await other.start({ executors: 0 });
    const sent = await other.send("POST", "/job/portal-build/buildWithParameters?delay=0sec", {
      headers: { authorization: ADMIN, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        BUILD_VARIABLES: "PLAIN=seen",
        SECRET_BUILD_VARIABLES: JSON.stringify({ KEY: "not-to-be-seen" }),
      }).toString(),
    });
    const item = await other.send("GET", `/queue/item/${itemId(sent)}/api/json`);
    const job = await other.send("GET", "/job/portal-build/api/json");
    expect(item.text).toContain("PLAIN=seen");
    expect(item.text).toContain("SECRET_BUILD_VARIABLES=****");
    expect(item.text + job.text).not.toContain("not-to-be-seen");
  } finally {
    await other.close();
  }
});
