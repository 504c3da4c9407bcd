import { randomBytes } from "node:crypto";
import { expect, vi } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import type { BuildServer, ServerBuild } from "../../../ports.ts";
import { JOB_PARAMETERS } from "../../../ports.ts";
import { createJenkins, type JenkinsSettings } from "../../server.ts";
import { FOLDER_XML, freestyleXml, pipelineXml } from "./job-xml.ts";
import type { Need, Target } from "./target.ts";

/** The suite's own jobs: what each is there for. */
const JOBS = {
  freestyle: freestyleXml(),
  /** Two builds of it never run at once. */
  serial: freestyleXml({ concurrent: false }),
  /** No node has its label. */
  nowhere: freestyleXml({ label: "refract-conformance-nowhere" }),
  /** Keeps two builds. */
  kept: freestyleXml({ keep: 2 }),
  pipeline: pipelineXml(),
  pipelineSerial: pipelineXml({ concurrent: false }),
} as const;
export type JobName = keyof typeof JOBS;
const PIPELINES: readonly JobName[] = ["pipeline", "pipelineSerial"];

type As = "us" | "password" | "viewer" | "nobody";
type Asked = { as?: As; headers?: Record<string, string>; form?: Record<string, string>; xml?: string };
export type Reply = { status: number; headers: Headers; bytes: Buffer; text: string };
export type Begun = { attemptId: string; queueId: number; number: number };

/** Long enough for a slow server; how often it is asked meanwhile. */
const WAIT = { timeout: 45_000, interval: 60 };

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Makes the suite's jobs under random names on the server. */
export async function openWorld(target: Target) {
  const { settings } = target;
  const base = settings.url.replace(/\/$/, "");
  const run = `refract-conformance-${randomBytes(4).toString("hex")}`;
  const jobName = (job: JobName): string => `${run}-${job}`;
  const jobPath = (job: JobName): string => `/job/${jobName(job)}`;
  const server = (job: JobName = "freestyle", other: Partial<JenkinsSettings> = {}): BuildServer =>
    createJenkins({ ...settings, jobName: jobName(job), ...other });

  const basic = (user: string, secret: string) =>
    `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  const authorization: Record<As, string | null> = {
    us: basic(settings.username, settings.token),
    password: target.password === null ? null : basic(settings.username, target.password),
    viewer: target.viewer === null ? null : basic(target.viewer.username, target.viewer.token),
    nobody: null,
  };

  /** A request without the adapter, for what the adapter has no call for. Follows no redirect. */
  async function raw(method: string, path: string, asked: Asked = {}): Promise<Reply> {
    const credential = authorization[asked.as ?? "us"];
    const headers: Record<string, string> = { "accept-encoding": "identity", ...asked.headers };
    if (credential !== null) headers.authorization = credential;
    if (asked.xml !== undefined) headers["content-type"] = "text/xml; charset=utf-8";
    const body = asked.xml ?? (asked.form === undefined ? undefined : new URLSearchParams(asked.form));
    const response = await fetch(`${base}${path}`, {
      method,
      headers,
      body: body ?? null,
      redirect: "manual",
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes, text: bytes.toString("utf8") };
  }

  async function json(path: string): Promise<unknown> {
    const reply = await raw("GET", path);
    expect(reply.status, path).toBe(200);
    return JSON.parse(reply.text);
  }

  let attempts = 0;
  /** A new attempt id. */
  const attempt = (): string => {
    attempts += 1;
    return `${run}-a${attempts}-`;
  };
  const parameters = (attemptId: string, own: Record<string, string> = {}): Record<string, string> => ({
    ...Object.fromEntries(JOB_PARAMETERS.map((name) => [name, ""])),
    REFRACT_ATTEMPT_ID: attemptId,
    SUB_PATH: ".",
    ...own,
  });

  /** Starts a build and waits for its number. */
  async function begin(job: JobName, command: string, own: Record<string, string> = {}): Promise<Begun> {
    const attemptId = attempt();
    const sent = parameters(attemptId, { BUILD_COMMAND: command, ...own });
    const { queueId } = await server(job).trigger({ parameters: sent });
    const number = await vi.waitFor(async () => {
      const item = await server(job).queueItem(queueId);
      if (item.state !== "left") throw new Error(`the item is ${item.state}`);
      return item.number;
    }, WAIT);
    return { attemptId, queueId, number };
  }

  /** The build once it has ended. */
  const ended = (job: JobName, number: number): Promise<ServerBuild> =>
    vi.waitFor(async () => {
      const build = await server(job).build(number);
      if (!build || build.state === "running") throw new Error("the build has not ended");
      return build;
    }, WAIT);
  const stop = async (job: JobName, number: number): Promise<ServerBuild> => {
    await server(job).stop(number);
    return ended(job, number);
  };
  /** Waits until the log of a build has a text. */
  const logHas = (job: JobName, number: number, text: string): Promise<void> =>
    vi.waitFor(async () => {
      const reply = await raw("GET", `${jobPath(job)}/${number}/logText/progressiveText?start=0`);
      if (!reply.text.includes(text)) throw new Error(`the log has no ${text}`);
    }, WAIT);
  const until = (check: () => Promise<void> | void): Promise<void> => vi.waitFor(check, WAIT);

  let hasPipelines = true;
  for (const [job, xml] of Object.entries(JOBS)) {
    const own = createJenkins({ ...settings, jobName: `${run}-${job}` });
    try {
      await own.ensureJob(xml);
    } catch (error) {
      // A server without the plugins cannot read such a job.
      if (!(error instanceof AdapterError) || !PIPELINES.some((name) => name === job)) throw error;
      hasPipelines = false;
    }
  }

  const folder = `${run}-folder`;
  const hasFolders = (await raw("POST", `/createItem?name=${folder}`, { xml: FOLDER_XML })).status === 200;
  const lacks = (need: Need): boolean => {
    if (need === "pipeline") return !hasPipelines;
    return need === "folders" ? !hasFolders : target[need] === null;
  };

  return {
    ...target,
    /** Name of a folder of the suite's own. */
    folder,
    jobName,
    jobPath,
    server,
    raw,
    json,
    attempt,
    parameters,
    begin,
    ended,
    stop,
    logHas,
    until,
    lacks,
    /** Deletes the jobs: the portal never does, so the port cannot. */
    async close(): Promise<void> {
      for (const job of Object.keys(JOBS)) await raw("POST", `/job/${run}-${job}/doDelete`);
      if (hasFolders) await raw("POST", `/job/${folder}/doDelete`);
    },
  };
}
