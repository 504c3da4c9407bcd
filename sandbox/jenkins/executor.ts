import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BuildFailure } from "./build/failure.ts";
import type { run } from "./build/process.ts";
import { type BuildTools, buildPhases } from "./build/run.ts";
import { jobUrl } from "./job-view.ts";
import { BuildLog } from "./log.ts";
import type { Build, BuildResult, Job, QueueItem } from "./model.ts";
import { newestFirst } from "./model.ts";
import { LeftBehind, runDurably } from "./pipeline/durable.ts";
import { runStages } from "./pipeline/run.ts";
import type { Queue } from "./queue.ts";
import type { Store } from "./store.ts";

interface Running {
  controller: AbortController;
  log: BuildLog;
  workspace: string;
  done: Promise<void>;
  /** Who stopped it; null while nobody has. */
  stoppedBy: string | null;
}

type Outcome = { result: BuildResult; artifacts: string[]; reason: string | null };

/** Starts builds, knows those that run, and stops them. */
export class Executor {
  readonly #store: Store;
  readonly #root: string;
  readonly #tools: BuildTools;
  readonly #queue: () => Queue;
  readonly #running = new Map<Build, Running>();
  readonly #leave = new AbortController();
  #closing = false;

  /**
   * @param root the server's URL with a slash at its end.
   * @param queue where the node steps of Pipelines wait
   */
  constructor(store: Store, root: string, tools: BuildTools, queue: () => Queue) {
    this.#store = store;
    this.#root = root;
    this.#tools = tools;
    this.#queue = queue;
  }

  /** Takes the next number of the job and runs the build; `onEnd` is called when it is over. */
  start(job: Job, item: QueueItem, onEnd: () => void): number {
    const number = job.nextBuildNumber++;
    this.#store.saveJob(job);
    const workspace = this.#freeWorkspace(job);
    const build: Build = {
      number,
      queueId: item.id,
      parameters: item.parameters,
      startedBy: item.startedBy,
      startedAt: Date.now(),
      duration: 0,
      result: null,
      artifacts: [],
      pipeline: job.kind === "pipeline" ? { workspace, stages: [] } : null,
    };
    mkdirSync(this.#store.buildDir(job.name, number), { recursive: true });
    job.builds.set(number, build);
    const log = this.#log(job, build);
    for (const user of build.startedBy) log.startedBy(user);
    this.#enter(job, build, workspace, log, onEnd, false);
    return number;
  }

  /** Goes on with a Pipeline build that ran when the server went down. */
  resume(job: Job, build: Build): void {
    const log = this.#log(job, build);
    log.line(`Resuming build at ${new Date().toString()} after Jenkins restart`);
    log.line(`Waiting to resume part of ${job.name} #${build.number}`);
    this.#enter(job, build, build.pipeline?.workspace ?? "", log, () => this.#queue().maintain(), true);
  }

  #enter(job: Job, build: Build, workspace: string, log: BuildLog, onEnd: () => void, again: boolean): void {
    const running: Running = {
      controller: new AbortController(),
      log,
      workspace,
      done: Promise.resolve(),
      stoppedBy: null,
    };
    this.#running.set(build, running);
    if (build.pipeline) this.#store.saveBuild(job, build);
    running.done = this.#run(job, build, running, log, again).finally(() => {
      this.#running.delete(build);
      onEnd();
    });
  }

  /** Asks a build to stop; nothing happens where it has ended. */
  stop(build: Build, user: string): void {
    const running = this.#running.get(build);
    if (!running || running.stoppedBy !== null) return;
    running.stoppedBy = user;
    running.controller.abort();
  }

  /**
   * Ends all builds as a dying server does: their processes are killed and their records never written. With `keep`
   * the commands of Pipelines live on, for the next server to take over.
   */
  async close(keep: boolean): Promise<void> {
    this.#closing = true;
    if (keep) this.#leave.abort();
    for (const { log, controller } of this.#running.values()) {
      log.silence();
      controller.abort();
    }
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

  #log(job: Job, build: Build): BuildLog {
    return new BuildLog(this.#store.logFile(job.name, build.number));
  }

  async #run(job: Job, build: Build, running: Running, log: BuildLog, again: boolean): Promise<void> {
    const run = build.pipeline
      ? this.#pipeline(job, build, running, log, again)
      : this.#freestyle(job, build, running, log);
    const outcome = await run.catch((error: unknown) => this.#ended(error, running, log));
    if (this.#closing || outcome === null) return;
    const { result, artifacts, reason } = outcome;
    if (reason !== null) log.line(`ERROR: ${reason}`);
    log.line(`Finished: ${result}`);
    build.duration = Math.max(1, Date.now() - build.startedAt);
    build.artifacts = artifacts;
    build.result = result;
    this.#store.saveBuild(job, build);
    this.#rotate(job);
  }

  /** What an error makes of a build; null where it goes on under the next server. */
  #ended(error: unknown, running: Running, log: BuildLog): Outcome | null {
    if (error instanceof LeftBehind) return null;
    if (running.controller.signal.aborted) return { result: "ABORTED", artifacts: [], reason: null };
    if (error instanceof BuildFailure) return { result: "FAILURE", artifacts: [], reason: error.message };
    log.line(`FATAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { result: "FAILURE", artifacts: [], reason: null };
  }

  async #freestyle(job: Job, build: Build, running: Running, log: BuildLog): Promise<Outcome> {
    log.line("Running as SYSTEM");
    log.line(`Building in workspace ${running.workspace}`);
    try {
      const { phases, artifacts } = buildPhases(
        this.#input(job, build, running),
        log,
        running.controller.signal,
      );
      for (const phase of phases) await phase.run(false);
      if (artifacts.length > 0) log.line("Archiving artifacts");
      return { result: "SUCCESS", artifacts, reason: null };
    } catch (error) {
      const ended = this.#ended(error, running, log);
      if (ended?.result === "ABORTED") {
        log.line("Build was aborted");
        log.line(`Aborted by ${running.stoppedBy ?? "SYSTEM"}`);
      } else if (ended?.reason) log.line(`ERROR: ${ended.reason}`);
      log.line("Archiving artifacts");
      return { result: ended?.result ?? "FAILURE", artifacts: [], reason: null };
    }
  }

  async #pipeline(job: Job, build: Build, running: Running, log: BuildLog, again: boolean): Promise<Outcome> {
    const { signal } = running.controller;
    const begun = (build.pipeline?.stages.length ?? 0) > 0;
    if (!again) {
      log.pipeline("Start of Pipeline");
      log.pipeline("node");
    }
    signal.addEventListener("abort", () => {
      log.line(`Aborted by ${running.stoppedBy ?? "SYSTEM"}`);
    });
    const giveBack = await this.#queue().executorFor(job, build.number, signal);
    if (this.#closing) return { result: "ABORTED", artifacts: [], reason: null };
    if (giveBack === null) {
      if (!signal.aborted) log.line("Queue task was cancelled");
      log.pipeline("End of Pipeline");
      return { result: "ABORTED", artifacts: [], reason: null };
    }
    try {
      if (begun) log.line(`Ready to run at ${new Date().toString()}`);
      else {
        log.line(`Running on Jenkins in ${running.workspace}`);
        log.pipeline("{");
      }
      const input = this.#input(job, build, running);
      const directory = join(
        this.#store.dataDir,
        "durable",
        `${encodeURIComponent(job.name)}-${build.number}`,
      );
      const interrupted = build.pipeline?.stages.at(-1)?.status === "IN_PROGRESS";
      const options = { stop: signal, leave: this.#leave.signal, again: interrupted };
      const runCommand: typeof run = (command) => runDurably(directory, command, log, options);
      const { phases, artifacts } = buildPhases({ ...input, runCommand }, log, signal);
      const kept = () => this.#closing || this.#store.saveBuild(job, build);
      const { result, reason } = await runStages(build, phases, log, kept);
      for (const text of ["}", "// node", "End of Pipeline"]) log.pipeline(text);
      return { result, artifacts, reason };
    } finally {
      giveBack();
    }
  }

  #input(job: Job, build: Build, running: Running) {
    const number = String(build.number);
    const jenkins = {
      BUILD_NUMBER: number,
      BUILD_ID: number,
      BUILD_TAG: `jenkins-${job.name.replaceAll("/", "-")}-${number}`,
      BUILD_URL: `${jobUrl(this.#root, job)}${number}/`,
      JOB_NAME: job.name,
      JENKINS_URL: this.#root,
      WORKSPACE: running.workspace,
    };
    return {
      parameters: build.parameters,
      jenkins,
      workspace: running.workspace,
      dataDir: this.#store.dataDir,
      archiveDir: this.#store.archiveDir(job.name, build.number),
      startedAt: new Date(build.startedAt),
      ...this.#tools,
    };
  }

  /** Deletes what the job keeps no longer; the last successful build stays, whatever its age. */
  #rotate(job: Job): void {
    if (job.keepBuilds === null) return;
    const builds = newestFirst(job);
    const lastGood = builds.find((build) => build.result === "SUCCESS");
    for (const build of builds.slice(job.keepBuilds)) {
      if (build.result === null || build === lastGood) continue;
      this.remove(job, build);
    }
  }

  /** Deletes the record of a build; one that runs is stopped. */
  remove(job: Job, build: Build): void {
    this.stop(build, "SYSTEM");
    job.builds.delete(build.number);
    this.#store.deleteBuild(job, build);
  }

  /** Deletes a job with its builds; what runs is stopped, what waits is cancelled. */
  removeJob(job: Job, jobs: Map<string, Job>): void {
    this.#queue().cancelJob(job);
    for (const build of job.builds.values()) this.stop(build, "SYSTEM");
    jobs.delete(job.name);
    this.#store.deleteJob(job);
  }
}
