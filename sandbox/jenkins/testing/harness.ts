import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { BUILD_PARAMETERS } from "../default-job.ts";
import { renderJobXml } from "../job-xml.ts";
import type { JobKind } from "../model.ts";
import type { JenkinsOptions, RunningJenkins } from "../server.ts";
import { startJenkins } from "../server.ts";
import type { Recorded } from "./recording.ts";
import { shape, visible } from "./recording.ts";

const leftItem = z.object({ executable: z.object({ number: z.number() }).nullish() });
const finished = z.object({ result: z.string().nullable() });

const SECRETS = { admin: "admin-token", adminPassword: "admin-password", viewer: "viewer-token" };

const basic = (name: string, secret: string) =>
  `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;

export const ADMIN = basic("admin", SECRETS.admin);

const CREDENTIALS: Record<string, string> = {
  "Basic <admin:apiToken>": ADMIN,
  "Basic <admin:password>": basic("admin", SECRETS.adminPassword),
  "Basic <admin:wrongToken>": basic("admin", "wrong"),
  "Basic <viewer:apiToken>": basic("viewer", SECRETS.viewer),
};

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
}

/** Changes to a recorded request: numbers differ between servers, and no build reaches the recorded hosts. */
export interface Changes {
  path?: string;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** A server in a directory of its own, which can be started again on it. */
export class Harness {
  readonly dataDir = mkdtempSync(join(tmpdir(), "refract-jenkins-"));
  #server: RunningJenkins | undefined;

  async start(options: Partial<JenkinsOptions> = {}): Promise<RunningJenkins> {
    this.#server = await startJenkins({
      port: 0,
      dataDir: this.dataDir,
      token: SECRETS.admin,
      password: SECRETS.adminPassword,
      viewerToken: SECRETS.viewer,
      jobName: "portal-build",
      ...options,
    });
    return this.#server;
  }

  get url(): string {
    if (!this.#server) throw new Error("The server has not been started");
    return this.#server.url;
  }

  /** Ends the server and keeps its data; with `keepNodes` the commands of Pipelines as well. */
  async stop(keepNodes = false): Promise<void> {
    await this.#server?.close({ keepNodes });
    this.#server = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async send(method: string, path: string, init: { headers?: Record<string, string>; body?: string } = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: ADMIN, ...init.headers },
      body: init.body,
      redirect: "manual",
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async json(path: string): Promise<unknown> {
    const reply = await this.send("GET", path);
    expect(reply.status, path).toBe(200);
    return JSON.parse(reply.text);
  }

  /** Creates a job with the thirteen parameters of the recorded ones. */
  async createJob(name: string, concurrent = true, kind: JobKind = "freestyle"): Promise<void> {
    const parameters = BUILD_PARAMETERS.map((parameter) => ({
      kind: "String" as const,
      name: parameter,
      defaultValue: { SUB_PATH: ".", DOCKERFILE: "Dockerfile" }[String(parameter)] ?? "",
      description: null,
    }));
    const body = renderJobXml({ kind, description: "Refract build", concurrent, parameters });
    const reply = await this.send("POST", `/createItem?name=${name}`, {
      headers: { "content-type": "text/xml; charset=utf-8" },
      body,
    });
    expect(reply.status).toBe(200);
  }

  /** Sends a recorded request with this server's credentials. */
  async replay({ request }: Recorded, changes: Changes = {}): Promise<Reply> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) {
      headers[name] = CREDENTIALS[String(value)] ?? String(value);
    }
    const [path = "", query] = (changes.path ?? request.path).split("?");
    const target = query === undefined || request.method === "GET" ? query : local(query, {});
    const body = request.body === undefined ? undefined : local(request.body, changes.form ?? {});
    const response = await fetch(`${this.url}${path}${target === undefined ? "" : `?${target}`}`, {
      method: request.method,
      headers: { ...headers, ...changes.headers },
      body,
      redirect: "manual",
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Replays and compares; answers the reply for what follows. */
  async matches(recording: Recorded, changes: Changes = {}): Promise<Reply> {
    const reply = await this.replay(recording, changes);
    this.compare(recording, reply, changes);
    return reply;
  }

  /** Replays and compares all but the body, where that is no answer of the server's own. */
  async like(recording: Recorded, changes: Changes = {}): Promise<Reply> {
    const reply = await this.replay(recording, changes);
    const response = { ...recording.response, body: reply.text, bodyTrimmed: undefined };
    this.compare({ ...recording, response }, reply, changes);
    return reply;
  }

  compare({ request, response }: Recorded, reply: Reply, changes: Changes = {}): void {
    const generic = (text: string) =>
      text
        .replaceAll(this.url, "<root>")
        .replaceAll("http://jenkins.test:8080", "<root>")
        .replace(/\/\d+(?=\/)/g, "/<n>");
    expect(reply.status, request.path).toBe(response.status);
    const names = ["x-jenkins", "content-type", "x-more-data", ...Object.keys(response.headers)];
    for (const name of new Set(names)) {
      if (name === "set-cookie" || name === "x-text-size") {
        expect(reply.headers.has(name), name).toBe(true);
        continue;
      }
      const expected = response.headers[name];
      expect(generic(reply.headers.get(name) ?? "<none>"), `${request.path} ${name}`).toBe(
        generic(String(expected ?? "<none>")),
      );
    }
    const { body } = response;
    if (typeof body !== "string" && response.bodyTrimmed === undefined) {
      expect(shape(JSON.parse(reply.text)), request.path).toEqual(shape(body));
    } else if (response.bodyTrimmed !== undefined) {
      const page = visible(reply.text);
      const text = page.text.replace(/Logging ID=\S+/, "Logging ID=<id>");
      expect({ title: page.title, text: generic(text) }).toEqual(JSON.parse(generic(JSON.stringify(body))));
    } else if (typeof body === "string" && body.startsWith("<html>")) {
      const [before = "", after = ""] = [request.path, changes.path ?? request.path].map(
        (path) => path.split("?")[0],
      );
      expect(reply.text).toBe(body.replaceAll(before, after));
    } else if (body === "") {
      expect(reply.text).toBe("");
    }
  }

  /** Asks until `found` answers something else than undefined. */
  async until<T>(ask: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("It did not happen");
  }

  /** The build's number once the item has left the queue. */
  buildOf(item: number): Promise<number> {
    return this.until(async () => {
      const left = await this.json(`/queue/item/${item}/api/json?tree=executable[number]`);
      return leftItem.parse(left).executable?.number;
    });
  }

  /** The build's result once it has one. */
  result(job: string, number: number): Promise<string> {
    return this.until(async () => {
      const build = await this.json(`/job/${job}/${number}/api/json?tree=result`);
      return finished.parse(build).result ?? undefined;
    });
  }
}

/** A recorded form; without a repository and an image the build runs its command alone. */
function local(text: string, changes: Record<string, string>): string {
  const form = new URLSearchParams(text);
  for (const name of ["GIT_URL", "IMAGE"]) if (form.has(name)) form.set(name, "");
  for (const [name, value] of Object.entries(changes)) form.set(name, value);
  return form.toString();
}

/** The id in the Location of a trigger's answer. */
export function itemId(reply: Reply): number {
  return Number(/\/queue\/item\/(\d+)\/$/.exec(reply.headers.get("location") ?? "")?.[1]);
}
