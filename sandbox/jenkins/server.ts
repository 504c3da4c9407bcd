import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { resolve } from "node:path";
import type { Account } from "./accounts.ts";
import { Accounts } from "./accounts.ts";
import { defaultJob } from "./default-job.ts";
import type { Exchange } from "./exchange.ts";
import { BodyTooLarge, readBody, readForm } from "./exchange.ts";
import { Executor } from "./executor.ts";
import type { Job, JobKind } from "./model.ts";
import type { Answer } from "./pages.ts";
import { containerError, gettingReady, oops } from "./pages.ts";
import { Queue } from "./queue.ts";
import { route } from "./routes.ts";
import type { ServerState } from "./server-state.ts";
import { logId } from "./server-state.ts";
import { Store } from "./store.ts";

export interface JenkinsOptions {
  /** 0 takes any free port. */
  port: number;
  /** Jobs, builds, logs, artifacts, workspaces and the queue; a later start goes on from there. */
  dataDir: string;
  user?: string;
  token?: string;
  password?: string;
  /** A second user, `viewer`, who may only read. */
  viewerToken?: string;
  viewerPassword?: string;
  /** The job that a fresh server has. */
  jobName?: string;
  /** What that job is. */
  jobKind?: JobKind;
  executors?: number;
  quietPeriodSeconds?: number;
  gitExecutable?: string;
  /** PKCS #8, PEM: images that are built are signed with it. */
  signingKey?: string;
  /** How long an item that left the queue can still be read; 300 as in Jenkins. */
  leftItemSeconds?: number;
  /** Until it is kept 503 is answered on the open port, as Jenkins does while it starts. */
  startup?: Promise<void>;
}

export interface RunningJenkins {
  /** Without a slash at its end. */
  url: string;
  port: number;
  /**
   * Ends all builds, as the death of a Jenkins and of its nodes does, and frees the port. With `keepNodes` only Jenkins
   * goes down: the commands of Pipelines live on, and a server started on the same directory takes them over.
   */
  close(options?: { keepNodes?: boolean }): Promise<void>;
}

function accountsOf(options: JenkinsOptions): Account[] {
  const random = () => randomBytes(17).toString("hex");
  return [
    {
      name: options.user ?? "admin",
      token: options.token ?? random(),
      password: options.password ?? random(),
      mayChange: true,
    },
    {
      name: "viewer",
      token: options.viewerToken ?? random(),
      password: options.viewerPassword ?? random(),
      mayChange: false,
    },
  ];
}

function createState(options: JenkinsOptions, root: string): ServerState {
  const store = new Store(resolve(options.dataDir));
  const jobs = new Map<string, Job>(store.loadJobs().map((job) => [job.name, job]));
  const folders = store.loadFolders();
  const jobName = options.jobName ?? "refract-build";
  for (let at = jobName.indexOf("/"); at !== -1; at = jobName.indexOf("/", at + 1)) {
    folders.add(jobName.slice(0, at));
  }
  if (!jobs.has(jobName)) {
    const job = defaultJob(jobName, options.jobKind);
    jobs.set(jobName, job);
    store.saveJob(job);
  }
  const executors = options.executors ?? 2;
  const tools = { git: options.gitExecutable ?? "git", signingKey: options.signingKey ?? null };
  const executor = new Executor(store, root, tools, () => queue);
  const host = {
    job: (name: string) => jobs.get(name),
    start: executor.start.bind(executor),
  };
  const leftItemMilliseconds = (options.leftItemSeconds ?? 300) * 1000;
  const queue = new Queue(store, host, { executors, leftItemMilliseconds });
  for (const job of jobs.values()) {
    for (const build of job.builds.values()) if (build.result === null) executor.resume(job, build);
  }
  return {
    root,
    executors,
    quietPeriod: options.quietPeriodSeconds ?? 5,
    accounts: new Accounts(accountsOf(options)),
    jobs,
    folders,
    store,
    queue,
    executor,
  };
}

async function answer(state: ServerState, message: IncomingMessage): Promise<Answer> {
  // Not `new URL(target, base)`: a target that starts with two slashes would name another host.
  const [target = "/"] = (message.url ?? "/").split("?");
  const query = (message.url ?? "/").slice(target.length + 1);
  const identity = state.accounts.identify(message);
  const body = await readBody(message);
  if (identity === null) return containerError(401, "Unauthorized", target);
  const segments = target.split("/").filter((segment) => segment !== "");
  let decoded: string[];
  try {
    decoded = segments.map(decodeURIComponent);
  } catch {
    return containerError(400, "Bad Request", target);
  }
  const exchange: Exchange = {
    message,
    method: message.method ?? "GET",
    path: target,
    segments: decoded,
    query: new URLSearchParams(query),
    form: readForm(message, body),
    body,
    identity,
  };
  return route(state, exchange);
}

function write(message: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, status === 204 ? headers : { ...headers, "content-length": bytes.length });
  response.end(message.method === "HEAD" || status === 204 ? undefined : bytes);
}

/**
 * Starts a build server on 127.0.0.1 that speaks the remote API of Jenkins 2.372 and really builds.
 * @throws when the port is taken or the data directory cannot be written.
 */
export async function startJenkins(options: JenkinsOptions): Promise<RunningJenkins> {
  let state: ServerState | null = null;
  const server = createServer((message, response) => {
    if (!state) {
      write(message, response, gettingReady());
      return;
    }
    answer(state, message)
      .then((given) => write(message, response, given))
      .catch((error: unknown) => {
        if (error instanceof BodyTooLarge) response.setHeader("connection", "close");
        else if (!message.destroyed) console.error(error);
        if (!response.headersSent) write(message, response, oops(500, logId()));
      });
  });
  // Jetty's own limit: clients close idle connections before it does, and never meet a dead one.
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((done, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", done);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  const url = `http://127.0.0.1:${address.port}`;
  const ready = () => {
    state = createState(options, `${url}/`);
  };
  let closed = false;
  if (options.startup) options.startup.then(() => closed || ready());
  else ready();
  return {
    url,
    port: address.port,
    close: async ({ keepNodes = false } = {}) => {
      closed = true;
      const unbound = new Promise((done) => server.close(done));
      server.closeAllConnections();
      state?.queue.close();
      await state?.executor.close(keepNodes);
      await unbound;
    },
  };
}
