import { afterEach, describe, expect, test } from "vitest";
import { JOB_PARAMETERS } from "../ports.ts";
import { answer, recorded, replays } from "./testing/replayed.ts";

const replayed = replays();
afterEach(() => replayed.close());

describe("set-up", () => {
  test("creates the job only when it is missing", async () => {
    const path = "/job/new/api/json";
    const { server, requests } = await replayed.jenkins(
      [
        answer("GET", path, 404),
        answer("GET", path, 200, { name: "new" }),
        answer("POST", "/createItem", 200),
      ],
      { jobName: "new" },
    );
    expect(await server.ensureJob("<project/>")).toBe("created");
    expect(await server.ensureJob("<project/>")).toBe("present");
    const created = requests.find((request) => request.method === "POST");
    expect(created).toMatchObject({ path: "/createItem?name=new", body: "<project/>" });
    expect(created?.headers["content-type"]).toContain("text/xml");
  });

  test("check names the undeclared parameters and probes the rights without starting a build", async () => {
    const { server, requests } = await replayed.jenkins([
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
    const { server } = await replayed.jenkins([
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
    const { server, close } = await replayed.jenkins([answer("GET", "/api/json", 401)]);
    expect(await server.check()).toMatchObject([
      { code: "REACHABLE", ok: true },
      { code: "AUTHENTICATED", ok: false },
    ]);
    await close();
    expect(await server.check()).toMatchObject([{ code: "REACHABLE", ok: false }]);
  });

  const node = (displayName: string, offline: boolean, ...names: string[]) => ({
    ...{ displayName, offline, assignedLabels: [displayName, ...names].map((name) => ({ name })) },
  });
  const nodes = [
    node("built-in", false),
    node("a1", true, "arm64"),
    node("a2", true, "arm64"),
    node("l1", false, "linux"),
  ];
  const computers = { totalExecutors: 2, busyExecutors: 0, computer: nodes };
  test.each([
    ["all are there", 200, computers, ["linux", "l1"], true, {}],
    ["one is nowhere", 200, computers, ["linux", "windows"], false, { missing: "windows", offlineCount: 0 }],
    ["all of one are offline", 200, computers, ["arm64"], false, { offline: "arm64", missingCount: 0 }],
    ["both", 200, computers, ["arm64", "windows"], false, { offline: "arm64", missing: "windows" }],
    ["an expression is left to Jenkins", 200, computers, ["linux && !arm64"], undefined, {}],
    ["nothing is asked for", 200, computers, [], undefined, {}],
    ["nodes without labels", 200, { ...computers, computer: [{ displayName: "x" }] }, ["linux"], null, {}],
    ["no list of nodes", 200, { totalExecutors: 1, busyExecutors: 0 }, ["linux"], null, {}],
    [
      "a list of another shape",
      200,
      { ...computers, computer: [{ assignedLabels: "x" }] },
      ["linux"],
      null,
      {},
    ],
    ["no right to see them", 403, "", ["linux"], null, { labels: "linux" }],
  ] as const)("labels of agents: %s", async (_, status, body, labels, ok, facts) => {
    const { server } = await replayed.jenkins([
      answer("GET", "/api/json", 200, { quietingDown: false }, { "x-jenkins": "2.372" }),
      ...(await recorded("03-whoami")),
      answer("GET", "/computer/api/json", status, body),
    ]);
    const found = (await server.check({ labels })).find(({ code }) => code === "LABELS");
    expect(found?.ok).toBe(ok);
    expect(found?.facts ?? {}).toMatchObject(facts);
  });

  test("the label that a job is tied to is asked for as well", async () => {
    const job = {
      _class: "hudson.model.FreeStyleProject",
      buildable: true,
      labelExpression: "gpu",
      property: [],
    };
    const { server } = await replayed.jenkins([
      answer("GET", "/api/json", 200, { quietingDown: false }, { "x-jenkins": "2.372" }),
      ...(await recorded("03-whoami")),
      answer("GET", "/computer/api/json", 200, computers),
      answer("GET", "/job/refract-build/api/json", 200, job),
    ]);
    const found = (await server.check()).find(({ code }) => code === "LABELS");
    expect(found).toMatchObject({ ok: false, message: "No agent carries gpu." });
  });
});
