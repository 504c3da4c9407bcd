import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJobXml } from "./job-xml.ts";
import type { Build, Job, QueueItem } from "./model.ts";
import { PARAMETER_KINDS } from "./model.ts";

const parameters = z.array(z.object({ kind: z.enum(PARAMETER_KINDS), name: z.string(), value: z.string() }));

const stage = z.object({
  id: z.number(),
  name: z.string(),
  status: z.enum(["SUCCESS", "FAILED", "ABORTED", "IN_PROGRESS"]),
  error: z.object({ message: z.string().nullable(), type: z.string() }).nullable(),
  startedAt: z.number(),
  duration: z.number().nullable(),
});

const buildFile = z.object({
  number: z.number(),
  queueId: z.number(),
  parameters,
  startedBy: z.array(z.string()),
  startedAt: z.number(),
  duration: z.number(),
  result: z.enum(["SUCCESS", "FAILURE", "ABORTED"]).nullable(),
  artifacts: z.array(z.string()),
  pipeline: z
    .object({ workspace: z.string(), stages: z.array(stage) })
    .nullable()
    .default(null),
});

const queueFile = z.object({
  nextId: z.number(),
  items: z.array(
    z.object({
      id: z.number(),
      job: z.string(),
      parameters,
      startedBy: z.array(z.string()),
      due: z.number(),
      inQueueSince: z.number(),
    }),
  ),
});

const jobFile = z.object({ nextBuildNumber: z.number(), disabled: z.boolean() });

/** A file appears whole or not at all, readable by its owner alone: queued items may hold secret values. */
function writeWhole(path: string, content: string): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Everything that survives a restart: jobs, finished builds, Pipelines in the middle of their work, the queue. */
export class Store {
  readonly dataDir: string;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
    mkdirSync(join(dataDir, "jobs"), { recursive: true });
  }

  loadFolders(): Set<string> {
    const file = join(this.dataDir, "folders.json");
    return new Set(existsSync(file) ? z.array(z.string()).parse(readJson(file)) : []);
  }

  saveFolders(folders: ReadonlySet<string>): void {
    writeWhole(join(this.dataDir, "folders.json"), JSON.stringify([...folders]));
  }

  jobDir(job: string): string {
    return join(this.dataDir, "jobs", encodeURIComponent(job));
  }

  buildDir(job: string, number: number): string {
    return join(this.jobDir(job), "builds", String(number));
  }

  logFile(job: string, number: number): string {
    return join(this.buildDir(job, number), "log");
  }

  archiveDir(job: string, number: number): string {
    return join(this.buildDir(job, number), "archive");
  }

  loadJobs(): Job[] {
    return readdirSync(join(this.dataDir, "jobs"))
      .map((directory) => decodeURIComponent(directory))
      .filter((name) => existsSync(join(this.jobDir(name), "job.json")))
      .map((name) => this.#loadJob(name));
  }

  #loadJob(name: string): Job {
    const job = parseJobXml(name, readFileSync(join(this.jobDir(name), "config.xml"), "utf8"));
    const kept = jobFile.parse(readJson(join(this.jobDir(name), "job.json")));
    job.nextBuildNumber = kept.nextBuildNumber;
    job.disabled = kept.disabled;
    for (const directory of readdirSync(join(this.jobDir(name), "builds"))) {
      const file = join(this.jobDir(name), "builds", directory, "build.json");
      if (existsSync(file)) {
        const build: Build = buildFile.parse(readJson(file));
        job.builds.set(build.number, build);
      } else {
        // A freestyle build that ran when the server went down is gone; its number is never used again.
        rmSync(join(this.jobDir(name), "builds", directory), { recursive: true, force: true });
      }
    }
    return job;
  }

  saveJob(job: Job): void {
    const directory = this.jobDir(job.name);
    mkdirSync(join(directory, "builds"), { recursive: true });
    writeWhole(join(directory, "config.xml"), job.xml);
    const kept: z.infer<typeof jobFile> = { nextBuildNumber: job.nextBuildNumber, disabled: job.disabled };
    writeWhole(join(directory, "job.json"), JSON.stringify(kept));
  }

  deleteJob(job: Job): void {
    rmSync(this.jobDir(job.name), { recursive: true, force: true });
  }

  deleteBuild(job: Job, build: Build): void {
    rmSync(this.buildDir(job.name, build.number), { recursive: true, force: true });
  }

  /**
   * Keeps a build: a finished one without the values of its password parameters, a Pipeline that still runs with them,
   * for it needs them when it goes on.
   */
  saveBuild(job: Job, build: Build): void {
    // A job or a build that was deleted meanwhile stays so.
    if (!existsSync(this.buildDir(job.name, build.number))) return;
    const shown = build.parameters.map((parameter) =>
      parameter.kind === "Password" && build.result !== null ? { ...parameter, value: "" } : parameter,
    );
    const content = JSON.stringify({ ...build, parameters: shown });
    writeWhole(join(this.buildDir(job.name, build.number), "build.json"), content);
  }

  loadQueue(): { nextId: number; items: QueueItem[] } {
    const file = join(this.dataDir, "queue.json");
    if (!existsSync(file)) return { nextId: 1, items: [] };
    const kept = queueFile.parse(readJson(file));
    const items = kept.items.map(
      (item): QueueItem => ({
        ...item,
        stepOf: null,
        state: "waiting",
        buildableSince: null,
        leftAt: null,
        cancelled: false,
        executable: null,
      }),
    );
    return { nextId: kept.nextId, items };
  }

  saveQueue(nextId: number, items: QueueItem[]): void {
    const kept: z.infer<typeof queueFile> = {
      nextId,
      items: items.map(({ id, job, parameters: values, startedBy, due, inQueueSince }) => ({
        id,
        job,
        parameters: values,
        startedBy,
        due,
        inQueueSince,
      })),
    };
    writeWhole(join(this.dataDir, "queue.json"), JSON.stringify(kept));
  }
}
