import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildParameters } from "#lib/builds/parameters.ts";
import { db } from "#lib/db.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import type { BareJenkins, JenkinsAccess } from "./bare-jenkins.ts";
import type { BuildRecord } from "./build-record.ts";
import { type BuildWorld, SHORT } from "./build-world.ts";
import { clock } from "./observer.ts";
import { interleave, type Result, summarize } from "./statistics.ts";

const LINES = 330_000;
const MEGABYTE = 1_000_000;
/** Prints what builds print: stages, downloads, colours, Chinese text, numbers that differ. About 100 bytes a line. */
const PRINT = `awk 'BEGIN { for (i = 0; i < ${LINES}; i++) {
  h = (i * 48271) % 2147483647
  if (i % 7 == 0) printf "\\033[32m[INFO]\\033[0m 第 %d 步 编译模块 quote-engine-%04d 完成，用时 %d 毫秒，校验 %08x\\n", i, h % 977, h % 5000, h
  else printf "[INFO] Downloaded from central: https://repo.example.com/maven2/org/example/lib-%d/%d.%d/lib-%08x.jar (%d kB at %d kB/s)\\n", h % 613, h % 9, h % 31, h, h % 4096, h % 9973
} exit 1 }'`;

/** Bytes a second that the portal copies of a finished build's console; beside `curl` of the same into a file. */
export async function measureLog(input: {
  world: BuildWorld;
  access: JenkinsAccess;
  jenkins: BareJenkins;
  record: BuildRecord;
  /** Where curl writes. */
  dir: string;
  rounds: number;
}): Promise<Result> {
  const { world, access, jenkins, record, rounds } = input;
  const queueId = await jenkins.trigger({ REFRACT_ATTEMPT_ID: randomUUID(), BUILD_COMMAND: PRINT });
  const { number } = await jenkins.ended(queueId);
  const source = await makeItem(world);
  const file = join(input.dir, "console.txt");
  const address = `${access.url.replace(/\/$/, "")}/job/${encodeURIComponent(access.job)}/${number}/consoleText`;
  const curl = ["-sf", "-u", `${access.user}:${access.token}`, "-o", file, address];

  const bare = async (): Promise<number> => {
    const start = clock();
    await promisify(execFile)("curl", curl);
    const seconds = (clock() - start) / 1000;
    return (await stat(file)).size / MEGABYTE / seconds;
  };
  let attempt = 0;
  const product = async (): Promise<number> => {
    attempt += 1;
    const build = await runningBuild(source, {
      attempt,
      number,
      queueId,
      buildServerId: world.buildServerId,
    });
    const start = clock();
    await enqueue(db, "build.reconcile", { buildId: build }, { key: `build:${build}` });
    const seconds = ((await record.at(build, "logged")) - start) / 1000;
    await record.at(build, "ended");
    const { _sum } = await db.buildLogChunk.aggregate({
      where: { buildId: build },
      _sum: { length: true },
    });
    await db.buildLogChunk.deleteMany({ where: { buildId: build } });
    return (_sum.length ?? 0) / MEGABYTE / seconds;
  };
  await interleave(1, product, bare);
  const size = ((await stat(file)).size / MEGABYTE).toFixed(0);
  return summarize(
    "build-log",
    "MB/s",
    `a finished build's console of ${size} MB, from the job in the queue until all of it is committed to PostgreSQL; bare: curl -o file of the same console`,
    await interleave(rounds, product, bare),
  );
}

/** A release order whose builds are made by hand: their log is there already. */
async function makeItem({ project, userId, gitUrl }: BuildWorld) {
  const component = await db.component.findFirstOrThrow({
    where: { key: SHORT.key, project: { key: project } },
    select: { id: true, projectId: true },
  });
  const commit = "c".repeat(40);
  const release = `${project}-log`;
  const item = await db.releaseItem.create({
    data: {
      ref: "main",
      commit,
      component: { connect: { id: component.id } },
      release: {
        create: {
          number: release,
          title: "Bench",
          state: "building",
          projectId: component.projectId,
          createdById: userId,
        },
      },
    },
    select: { id: true, releaseId: true },
  });
  return { ...item, userId, project, release, commit, gitUrl };
}

async function runningBuild(
  source: Awaited<ReturnType<typeof makeItem>>,
  known: { attempt: number; number: number; queueId: number; buildServerId: string },
): Promise<string> {
  const { id: itemId, userId, commit, gitUrl, project, release } = source;
  const attemptId = randomUUID();
  await db.release.update({ where: { id: source.releaseId }, data: { state: "building" } });
  const parameters = buildParameters({
    attemptId,
    release,
    project,
    component: {
      key: SHORT.key,
      gitUrl,
      subPath: "",
      dockerfile: "Dockerfile",
      baseImage: "",
      buildCommand: PRINT,
      artifactPath: "",
    },
    ref: "main",
    commit,
    repository: "registry.example.com/bench",
    variables: [],
  });
  const now = new Date();
  const { id } = await db.build.create({
    data: {
      ...known,
      itemId,
      attemptId,
      triggeredById: userId,
      state: "running",
      parameters,
      triggerSentAt: now,
      startedAt: now,
    },
  });
  return id;
}
