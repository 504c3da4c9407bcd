import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BuildFailure } from "./build/failure.ts";
import { type BuildTools, runBuild } from "./build/run.ts";
import { jobUrl } from "./job-view.ts";
import { BuildLog } from "./log.ts";
import type { Build, BuildResult, Job, QueueItem } from "./model.ts";
import type { Store } from "./store.ts";

interface Running {
  controller: AbortController;
  workspace: string;
  done: Promise<void>;
  /** Who stopped it; null while nobody has. */
  stoppedBy: string | null;
}

/** Starts builds, knows those that run, and stops them. */
export class Executor {
  readonly #store: Store;
  readonly #root: string;
  readonly #tools: BuildTools;
  readonly #running = new Map<Build, Running>();
  #closing = false;

  /** @param root the server's URL with a slash at its end. */
  constructor(store: Store, root: string, tools: BuildTools) {
    this.#store = store;
    this.#root = root;
    this.#tools = tools;
  }

  /** Takes the next number of the job and runs the build; `onEnd` is called when its executor is free. */
  start(job: Job, item: QueueItem, onEnd: () => void): number {
    const number = job.nextBuildNumber++;
    this.#store.saveJob(job);
    const build: Build = {
      number,
      queueId: item.id,
      parameters: item.parameters,
      startedBy: item.startedBy,
      startedAt: Date.now(),
      duration: 0,
      result: null,
      artifacts: [],
    };
    mkdirSync(this.#store.buildDir(job.name, number), { recursive: true });
    job.builds.set(number, build);
    const running: Running = {
      controller: new AbortController(),
      workspace: this.#freeWorkspace(job),
      done: Promise.resolve(),
      stoppedBy: null,
    };
    this.#running.set(build, running);
    running.done = this.#run(job, build, running).finally(() => {
      this.#running.delete(build);
      onEnd();
    });
    return number;
  }

  /** Asks a build to stop; nothing happens where it has ended. */
  stop(build: Build, user: string): void {
    const running = this.#running.get(build);
    if (!running || running.stoppedBy !== null) return;
    running.stoppedBy = user;
    running.controller.abort();
  }

  /** Ends all builds as a dying server does: their processes are killed and their records never written. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const running of this.#running.values()) running.controller.abort();
    await Promise.all([...this.#running.values()].map((running) => running.done));
  }

  /** Builds of one job that run at the same time have workspaces `job`, `job@2`, … */
  #freeWorkspace(job: Job): string {
    const taken = new Set([...this.#running.values()].map((running) => running.workspace));
    const base = join(this.#store.dataDir, "workspace", encodeURIComponent(job.name));
    for (let n = 1; ; n++) {
      const path = n === 1 ? base : `${base}@${n}`;
      if (!taken.has(path)) return path;
    }
  }

  async #run(job: Job, build: Build, running: Running): Promise<void> {
    const log = new BuildLog(this.#store.logFile(job.name, build.number));
    for (const user of build.startedBy) log.startedBy(user);
    log.line("Running as SYSTEM");
    log.line(`Building in workspace ${running.workspace}`);
    const { result, artifacts } = await this.#outcome(job, build, running, log);
    if (this.#closing) return;
    if (artifacts.length > 0 || result !== "SUCCESS") log.line("Archiving artifacts");
    log.line(`Finished: ${result}`);
    build.duration = Math.max(1, Date.now() - build.startedAt);
    build.artifacts = artifacts;
    build.result = result;
    this.#store.saveBuild(job, build);
  }

  async #outcome(
    job: Job,
    build: Build,
    running: Running,
    log: BuildLog,
  ): Promise<{ result: BuildResult; artifacts: string[] }> {
    const number = String(build.number);
    const jenkins = {
      BUILD_NUMBER: number,
      BUILD_ID: number,
      BUILD_TAG: `jenkins-${job.name}-${number}`,
      BUILD_URL: `${jobUrl(this.#root, job)}${number}/`,
      JOB_NAME: job.name,
      JENKINS_URL: this.#root,
      WORKSPACE: running.workspace,
    };
    const input = {
      parameters: build.parameters,
      jenkins,
      workspace: running.workspace,
      dataDir: this.#store.dataDir,
      archiveDir: this.#store.archiveDir(job.name, build.number),
      ...this.#tools,
    };
    try {
      const artifacts = await runBuild(input, log, running.controller.signal);
      return { result: "SUCCESS", artifacts };
    } catch (error) {
      if (running.controller.signal.aborted) {
        log.line("Build was aborted");
        log.line(`Aborted by ${running.stoppedBy ?? "SYSTEM"}`);
        return { result: "ABORTED", artifacts: [] };
      }
      if (error instanceof BuildFailure) log.line(`ERROR: ${error.message}`);
      else log.line(`FATAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return { result: "FAILURE", artifacts: [] };
    }
  }
}
