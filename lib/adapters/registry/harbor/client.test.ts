import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pushPackages } from "#sandbox/registry/packages.ts";
import { type RunningRegistry, startRegistry } from "#sandbox/registry/server.ts";
import { createRegistryOfKind } from "../client.ts";
import { CLEAN, VULNERABLE } from "../testing/harbor.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const image = { repository: "quotes/quote-api", digest: DIGEST };
const credentials = { username: "robot$refract", password: "s3cret" };

describe("answers of a Harbor", () => {
  let seen: { method: string; path: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  let close = async () => {};
  let handle: (path: string, response: ServerResponse, method: string) => void = (_, response) =>
    response.end();
  let url = "";
  const harbor = () => createRegistryOfKind("harbor", { url, credentials, timeoutMs: 500 });
  const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

  beforeEach(async () => {
    seen = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { method = "", url: path = "", headers } = request;
      seen.push({ method, path, headers, body });
      handle(path, response, method);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address !== "object" || !address) throw new Error("no port");
    url = `http://127.0.0.1:${address.port}`;
    close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
  });
  afterEach(() => close());

  test("names with slashes are encoded twice, and the account is sent at once", async () => {
    handle = (_, response) => json(response, 200, { digest: DIGEST });
    await harbor().scan({ repository: "quotes/web/site", digest: DIGEST });
    expect(seen[0]?.path).toBe(
      `/api/v2.0/projects/quotes/repositories/web%252Fsite/artifacts/${DIGEST}?with_scan_overview=true&with_tag=false`,
    );
    expect(seen[0]?.headers.authorization).toMatch(/^Basic /);
    expect(seen[0]?.headers["x-accept-vulnerabilities"]).toContain("version=1.1");
  });

  test("the summary and the report of the older format are read", async () => {
    const old = "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0";
    const summary = { total: 3, fixable: 1, summary: { Critical: 1, Negligible: 2 } };
    const scanner = { name: "Trivy", vendor: "Aqua Security", version: "v0.51.1" };
    const end_time = "2026-05-01T10:00:00.000Z";
    handle = (path, response) =>
      path.includes("/additions/vulnerabilities")
        ? json(response, 200, {
            [old]: {
              vulnerabilities: [
                { id: "CVE-1", severity: "Negligible", package: "a", version: "1", links: ["javascript:x"] },
                {
                  id: "CVE-2",
                  severity: "Critical",
                  package: "b",
                  version: "2",
                  fix_version: "3",
                  links: ["https://x/2"],
                },
                { id: "CVE-0", severity: "Unheard", package: "c", version: "2", fix_version: "" },
              ],
            },
          })
        : json(response, 200, {
            digest: DIGEST,
            scan_overview: { [old]: { scan_status: "Success", summary, scanner, end_time } },
          });
    const scan = await harbor().scan(image);
    expect(scan).toMatchObject({ state: "done", scanner: "Trivy v0.51.1", finishedAt: new Date(end_time) });
    expect(scan?.counts).toEqual({ critical: 1, high: 0, medium: 0, low: 0, negligible: 2, unknown: 0 });
    expect(scan?.vulnerabilities).toMatchObject([
      { id: "CVE-2", severity: "critical", fixedVersion: "3", link: "https://x/2" },
      { id: "CVE-1", severity: "negligible", fixedVersion: null, link: null },
      { id: "CVE-0", severity: "unknown", fixedVersion: null },
    ]);
  });

  test.each([
    ["Pending", "running"],
    ["Scheduled", "running"],
    ["Running", "running"],
    ["Error", "failed"],
    ["Stopped", "failed"],
  ])("a scan that is %s is %s, and its report is not asked for", async (scan_status, state) => {
    const scan_overview = { "application/vnd.security.vulnerability.report; version=1.1": { scan_status } };
    handle = (_, response) => json(response, 200, { digest: DIGEST, scan_overview });
    expect(await harbor().scan(image)).toMatchObject({ state, vulnerabilities: [] });
    expect(seen).toHaveLength(1);
  });

  test("an image that nobody scanned says so, and one that is not there is none", async () => {
    handle = (_, response) => json(response, 200, { digest: DIGEST, scan_overview: null });
    expect(await harbor().scan(image)).toMatchObject({ state: "none", finishedAt: null });
    handle = (_, response) => json(response, 404, { errors: [{ code: "NOT_FOUND", message: "no" }] });
    expect(await harbor().scan(image)).toBeNull();
    expect(await harbor().list("quotes/none")).toEqual([]);
    expect(await harbor().label(image, "refract-keep", true)).toBe(false);
  });

  test("a repository without a project is no repository of Harbor's", async () => {
    expect(await harbor().scan({ repository: "app", digest: DIGEST })).toBeNull();
    expect(await harbor().label({ repository: "app", digest: DIGEST }, "refract-keep", true)).toBe(false);
    expect(seen).toEqual([]);
  });

  const artifact = (index: number) => ({
    digest: `sha256:${String(index).padStart(64, "0")}`,
    tags: null,
    labels: null,
  });
  test("a list goes on as its links say", async () => {
    handle = (path, response) => {
      const page = Number(new URL(path, url).searchParams.get("page"));
      const link = page < 3 ? { link: `</x?page=${page + 1}>; rel="next" , </x?page=1>; rel="prev"` } : {};
      json(response, 200, [artifact(page)], link);
    };
    expect(await harbor().list("quotes/quote-api")).toHaveLength(3);
  });

  test("a list goes on by the number of all where there are no links", async () => {
    handle = (path, response) => {
      const page = Number(new URL(path, url).searchParams.get("page"));
      json(response, 200, [artifact(page)], { "x-total-count": "2" });
    };
    expect(await harbor().list("quotes/quote-api")).toHaveLength(2);
  });

  test("a list without end is given up", async () => {
    handle = (_, response) => json(response, 200, [artifact(1)], { link: '</x>; rel="next"' });
    await expect(harbor().list("quotes/quote-api")).rejects.toMatchObject({
      failure: "broken",
      retryable: false,
    });
  });

  test.each([
    [401, "unauthorized", false],
    [403, "forbidden", false],
    [409, "conflict", false],
    [412, "forbidden", false],
    [422, "invalid", false],
    [429, "throttled", true],
    [500, "broken", true],
    [503, "broken", true],
    [302, "invalid", false],
  ])("%i is %s", async (status, failure, retryable) => {
    handle = (_, response) =>
      json(
        response,
        status,
        { errors: [{ code: "X", message: "the project says no" }] },
        { location: "http://elsewhere.test/" },
      );
    const asked = harbor().scan(image);
    await expect(asked).rejects.toMatchObject({ failure, retryable });
    if (status === 412) await expect(asked).rejects.toThrow("the project says no");
    else await expect(asked).rejects.not.toThrow("says no");
  });

  test("a page in HTML and an answer of another shape are no answers", async () => {
    handle = (_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Harbor</html>");
    await expect(harbor().scan(image)).rejects.toMatchObject({ failure: "broken", retryable: false });
    handle = (_, response) => json(response, 200, { digest: 5 });
    await expect(harbor().scan(image)).rejects.toMatchObject({ failure: "broken", retryable: false });
  });

  test("silence is unreachable", async () => {
    handle = () => undefined;
    await expect(harbor().scan(image)).rejects.toMatchObject({ failure: "unreachable", retryable: true });
  });

  test("a label that is there already counts as put on (409)", async () => {
    handle = (path, response, method) => {
      if (path.includes("/labels?")) json(response, 200, [{ id: 7, name: "refract-keep" }]);
      else if (method === "POST") json(response, 409, { errors: [{ code: "CONFLICT", message: "there" }] });
      else json(response, 200, { project_id: 3, name: "quotes" });
    };
    const registry = harbor();
    expect(await registry.label(image, "refract-keep", true)).toBe(true);
    expect(await registry.label(image, "refract-keep", true)).toBe(true);
    // Project and label are looked up once.
    expect(seen.filter(({ method }) => method === "GET")).toHaveLength(2);
    expect(seen.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
      '{"id":7}',
      '{"id":7}',
    ]);
  });

  test("a pull that a rule of the project forbids is forbidden, not broken", async () => {
    handle = (_, response) =>
      json(response, 412, { errors: [{ code: "PROJECTPOLICYVIOLATION", message: "unsigned" }] });
    const asked = harbor().inspect({ repository: "quotes/quote-api", reference: "1.0" });
    await expect(asked).rejects.toMatchObject({ failure: "forbidden", status: 412, retryable: false });
  });

  test("a registry that is no Harbor is found out, and nothing is thrown", async () => {
    handle = (path, response) => {
      if (path === "/v2/") json(response, 200, {});
      else response.writeHead(404).end("404 page not found");
    };
    const findings = await harbor().check();
    expect(findings.filter(({ ok }) => !ok)).toMatchObject([{ code: "HARBOR_API" }]);
  });
});

describe("against the sandbox's Harbor", () => {
  let folder: string;
  let running: RunningRegistry;
  const robots = [
    {
      name: credentials.username,
      secret: credentials.password,
      expiresAt: Math.round(Date.now() / 1000) + 86_400,
    },
  ];
  const harbor = (given = credentials) =>
    createRegistryOfKind("harbor", { url: running.url, credentials: given });
  const push = (repository: string, tag: string, packages: Record<string, string>) =>
    pushPackages({ registryUrl: running.url, repository, tag }, packages);
  const api = (method: string, path: string, body?: object) =>
    fetch(`${running.url}/api/v2.0${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`,
        "content-type": "application/json",
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "refract-harbor-"));
    running = await startRegistry({ port: 0, dataDir: folder, harbor: { robots } });
  });
  afterAll(async () => {
    await running.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("a label lives through the registry's restart", async () => {
    const digest = await push("quotes/kept", "1", CLEAN);
    expect(await harbor().label({ repository: "quotes/kept", digest }, "refract-keep", true)).toBe(true);
    await running.close();
    running = await startRegistry({ port: 0, dataDir: folder, harbor: { robots } });
    expect(await harbor().list("quotes/kept")).toMatchObject([
      { digest, labels: ["refract-keep"], tags: ["1"] },
    ]);
  });

  test("the check tells of the account's end, the scans, the quota and what retention would delete", async () => {
    const digest = await push("full/app", "1", VULNERABLE);
    await push("full/app", "2", CLEAN);
    await api("PUT", "/projects/full", { metadata: { auto_scan: "false" }, storage_limit: 10 });
    const wanted = [
      { repository: "full/app", digest },
      { repository: "nowhere/app", digest },
    ];
    const bad = async () =>
      (await harbor().check({ wanted })).filter(({ ok }) => !ok).map(({ code }) => code);
    expect(await bad()).toEqual(["HARBOR_PROJECT", "HARBOR_ROBOT", "HARBOR_QUOTA", "HARBOR_SCAN"]);
    const { project_id: ref } = await (await api("GET", "/projects/full")).json();
    const rules = [
      {
        template: "latestPushedK",
        params: { latestPushedK: 1 },
        tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "2" }],
      },
    ];
    await api("POST", "/retentions", { algorithm: "or", rules, scope: { level: "project", ref } });
    expect(await bad()).toContain("HARBOR_RETENTION");
    await api("POST", "/projects/full/immutabletagrules", {
      template: "immutable_template",
      tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "**" }],
    });
    const retention = (await harbor().check({ wanted })).find(({ code }) => code === "HARBOR_RETENTION");
    expect(retention?.ok).toBe(true);
  });

  test("what the account may not change is refused", async () => {
    const digest = await push("quotes/other", "1", CLEAN);
    const stranger = harbor({ username: "robot$stranger", password: "wrong" });
    const labelled = stranger.label({ repository: "quotes/other", digest }, "refract-keep", true);
    await expect(labelled).rejects.toMatchObject({ failure: "unauthorized" });
  });
});
