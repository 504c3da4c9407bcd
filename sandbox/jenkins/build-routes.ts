import { readFile, realpath } from "node:fs/promises";
import { extname, resolve, sep } from "node:path";
import { PERMISSIONS } from "./accounts.ts";
import { BUILD_TREE, buildModel } from "./build-view.ts";
import type { Exchange } from "./exchange.ts";
import { jsonAnswer, parameter } from "./exchange.ts";
import { jobUrl } from "./job-view.ts";
import { readConsole, readLog } from "./log.ts";
import type { Build, Job } from "./model.ts";
import type { Answer } from "./pages.ts";
import {
  accessDenied,
  escapeHtml,
  htmlPage,
  noPipeline,
  notFound,
  oops,
  pipelineAnswer,
  postRequired,
  redirect,
} from "./pages.ts";
import { describeRun } from "./pipeline/view.ts";
import type { ServerState } from "./server-state.ts";
import { logId } from "./server-state.ts";

const TYPES: Record<string, string> = {
  ".json": "application/json",
  ".txt": "text/plain",
  ".log": "text/plain",
  ".xml": "application/xml",
  ".html": "text/html",
};

async function progressiveText(exchange: Exchange, file: string, running: boolean): Promise<Answer> {
  const start = parameter(exchange, "start") ?? "0";
  if (!/^\d+$/.test(start)) return oops(500, logId());
  const piece = await readLog(file, Number(start), running);
  return {
    status: 200,
    headers: {
      "content-type": "text/plain;charset=utf-8",
      "x-text-size": String(piece.size),
      ...(running ? { "x-more-data": "true" } : {}),
    },
    body: piece.text,
  };
}

async function artifact(exchange: Exchange, directory: string, path: string[]): Promise<Answer> {
  const file = resolve(directory, ...path);
  const real = await realpath(file).catch(() => null);
  const inside = await realpath(directory).catch(() => null);
  if (real === null || inside === null || !real.startsWith(inside + sep)) return notFound(exchange.path);
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  return {
    status: 200,
    headers: { "accept-ranges": "bytes", "content-type": type },
    body: await readFile(real),
  };
}

function stop(state: ServerState, exchange: Exchange, job: Job, build: Build): Answer {
  if (exchange.method !== "POST") return postRequired(`${state.root}${exchange.path.slice(1)}`);
  const { account } = exchange.identity;
  if (!account?.mayChange) {
    return accessDenied(account?.name ?? "anonymous", PERMISSIONS.cancel, state.queue.quietReason);
  }
  state.executor.stop(build, account.name);
  return redirect(302, `${jobUrl(state.root, job)}${build.number}/`);
}

function remove(state: ServerState, exchange: Exchange, job: Job, build: Build): Answer {
  if (exchange.method !== "POST") return postRequired(`${state.root}${exchange.path.slice(1)}`);
  const { account } = exchange.identity;
  if (!account?.mayChange) {
    return accessDenied(account?.name ?? "anonymous", PERMISSIONS.deleteRun, state.queue.quietReason);
  }
  state.executor.remove(job, build);
  return redirect(302, jobUrl(state.root, job));
}

/** Everything below `/job/<name>/<number>`; `rest` are the path's segments after the number. */
export async function buildRoute(
  state: ServerState,
  exchange: Exchange,
  job: Job,
  build: Build,
  rest: string[],
): Promise<Answer> {
  const log = state.store.logFile(job.name, build.number);
  const running = build.result === null;
  const [noun, ...below] = rest;
  switch (rest.join("/")) {
    case "api/json":
      return jsonAnswer(exchange, buildModel(state.root, job, build), BUILD_TREE, logId());
    case "logText/progressiveText":
      return progressiveText(exchange, log, running);
    case "consoleText":
      return {
        status: 200,
        headers: { "content-type": "text/plain;charset=utf-8" },
        body: await readConsole(log),
      };
    case "stop":
      return stop(state, exchange, job, build);
    case "doDelete":
      return remove(state, exchange, job, build);
    case "wfapi/describe":
      return job.kind === "pipeline" ? pipelineAnswer(describeRun(job, build)) : noPipeline();
    case "":
    case "console":
      return htmlPage(`${job.name} #${build.number}`, `<pre>${escapeHtml(await readConsole(log))}</pre>`);
  }
  if (noun === "wfapi") return noPipeline();
  if (noun === "artifact" && below.length > 0) {
    return artifact(exchange, state.store.archiveDir(job.name, build.number), below);
  }
  return notFound(exchange.path);
}
