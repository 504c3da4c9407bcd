import { PERMISSIONS } from "./accounts.ts";
import { buildRoute } from "./build-routes.ts";
import type { Exchange } from "./exchange.ts";
import { jsonAnswer, parameter } from "./exchange.ts";
import { findBuild, JOB_TREE, jobUrl } from "./job-view.ts";
import { JobXmlError, parseJobXml } from "./job-xml.ts";
import type { Job, ParameterValue } from "./model.ts";
import { newestFirst } from "./model.ts";
import type { Answer, Permission } from "./pages.ts";
import {
  accessDenied,
  containerError,
  escapeHtml,
  formError,
  htmlPage,
  noPipeline,
  notFound,
  oops,
  pipelineAnswer,
  postRequired,
  postToBuild,
  redirect,
} from "./pages.ts";
import { describeRuns } from "./pipeline/view.ts";
import type { ServerState } from "./server-state.ts";
import { jobView, logId } from "./server-state.ts";

const XML = { "content-type": "application/xml" };

/** The refusal of a user without a right, or null where the right is there. */
export function denied(state: ServerState, exchange: Exchange, permission: Permission): Answer | null {
  const { account } = exchange.identity;
  if (account?.mayChange) return null;
  return accessDenied(account?.name ?? "anonymous", permission, state.queue.quietReason);
}

/** `0sec`, `60`, `2 min`: milliseconds; null where it cannot be read. */
function delayOf(text: string): number | null {
  const match = /^\s*(\d+)\s*(|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\s*$/i.exec(text);
  if (!match) return null;
  const unit = match[2]?.[0]?.toLowerCase() ?? "s";
  return Number(match[1]) * (unit === "h" ? 3_600_000 : unit === "m" ? 60_000 : 1000);
}

/** Declared parameters only, in the job's order; what was not sent takes its default. */
function parameterValues(exchange: Exchange, job: Job): ParameterValue[] {
  return job.parameters.map(({ kind, name, defaultValue }) => ({
    kind,
    name,
    value: parameter(exchange, name) ?? defaultValue,
  }));
}

function trigger(state: ServerState, exchange: Exchange, job: Job, withParameters: boolean): Answer {
  const sent = parameter(exchange, "delay");
  const delay = sent === null ? (job.quietPeriod ?? state.quietPeriod) * 1000 : delayOf(sent);
  if (delay === null) return oops(500, logId());
  const refusal = denied(state, exchange, PERMISSIONS.build);
  if (refusal) return refusal;
  if (exchange.method !== "POST") return postToBuild();
  if (job.disabled) return oops(409, logId());
  if (!withParameters && job.parameters.length > 0) {
    return containerError(400, "Nothing is submitted", exchange.path);
  }
  if (withParameters && job.parameters.length === 0) return oops(500, logId());
  const user = exchange.identity.account?.name ?? "anonymous";
  const { item, created } = state.queue.schedule(job, parameterValues(exchange, job), user, delay);
  return redirect(created ? 201 : 303, `${state.root}queue/item/${item.id}/`);
}

/** A change of the job behind a right; `GET` is refused first, as Jenkins does. */
function change(state: ServerState, exchange: Exchange, permission: Permission, act: () => Answer): Answer {
  if (exchange.method !== "POST") return postRequired(`${state.root}${exchange.path.slice(1)}`);
  return denied(state, exchange, permission) ?? act();
}

function setDisabled(state: ServerState, job: Job, disabled: boolean): Answer {
  job.disabled = disabled;
  state.store.saveJob(job);
  return redirect(302, jobUrl(state.root, job));
}

function remove(state: ServerState, job: Job): Answer {
  state.executor.removeJob(job, state.jobs);
  return redirect(302, state.root);
}

function configure(state: ServerState, exchange: Exchange, job: Job): Answer {
  const changed = readJob(exchange, job.name);
  if (!changed) return oops(500, logId());
  if (changed.kind !== job.kind) return oops(500, logId());
  const { name: _name, builds: _builds, nextBuildNumber: _next, ...settings } = changed;
  Object.assign(job, settings);
  state.store.saveJob(job);
  return { status: 200, headers: {}, body: "" };
}

function readJob(exchange: Exchange, name: string): Job | null {
  try {
    return parseJobXml(name, exchange.body.toString("utf8"));
  } catch (error) {
    if (error instanceof JobXmlError) return null;
    throw error;
  }
}

const FOLDER = /<com\.cloudbees\.hudson\.plugins\.folder\.Folder(\s[^>]*)?(\/>|>[\s\S]*<\/)/;

/** `POST /createItem?name=…` with a `config.xml` as the body; `folder` is empty at the root. */
export function createItem(state: ServerState, exchange: Exchange, folder: string): Answer {
  return change(state, exchange, PERMISSIONS.create, () => {
    const own = exchange.query.get("name");
    if (own === null) return formError("Query parameter 'name' is required");
    if (own === "" || own === "." || own === ".." || /[?*/\\%!@#$^&|<>[\]:;]/.test(own)) {
      return formError(`‘${own}’ is an unsafe name`);
    }
    const name = folder === "" ? own : `${folder}/${own}`;
    if (state.jobs.has(name) || state.folders.has(name)) {
      return formError(`A job already exists with the name ‘${own}’`);
    }
    if (!/^(application|text)\/xml/.test(exchange.message.headers["content-type"] ?? "")) {
      return formError("No mode given");
    }
    if (FOLDER.test(exchange.body.toString("utf8"))) {
      state.folders.add(name);
      state.store.saveFolders(state.folders);
      return { status: 200, headers: {}, body: "" };
    }
    const job = readJob(exchange, name);
    if (!job) return oops(500, logId());
    state.jobs.set(name, job);
    state.store.saveJob(job);
    return { status: 200, headers: {}, body: "" };
  });
}

function page(state: ServerState, job: Job): Answer {
  const builds = newestFirst(job).map(
    (build) =>
      `<li><a href="${jobUrl(state.root, job)}${build.number}/">#${build.number}</a> ${build.result ?? "running"}</li>`,
  );
  return htmlPage(job.name, `<h1>${escapeHtml(job.name)}</h1><ul>${builds.join("")}</ul>`);
}

/** Everything below a job's own address; `rest` are the path's segments after it. */
export async function jobRoute(
  state: ServerState,
  exchange: Exchange,
  job: Job,
  rest: string[],
): Promise<Answer> {
  switch (rest.join("/")) {
    case "":
      if (exchange.method !== "DELETE") return page(state, job);
      return (
        denied(state, exchange, PERMISSIONS.delete) ?? { ...remove(state, job), status: 204, headers: {} }
      );
    case "api/json":
      return jsonAnswer(exchange, jobView(state, job), JOB_TREE, logId());
    case "buildWithParameters":
      return trigger(state, exchange, job, true);
    case "build":
      return trigger(state, exchange, job, false);
    case "wfapi/runs":
      return job.kind === "pipeline" ? pipelineAnswer(describeRuns(job)) : noPipeline();
    case "disable":
    case "enable":
      return change(state, exchange, PERMISSIONS.configure, () =>
        setDisabled(state, job, rest[0] === "disable"),
      );
    case "doDelete":
      return change(state, exchange, PERMISSIONS.delete, () => remove(state, job));
    case "config.xml":
      if (exchange.method === "POST") {
        return denied(state, exchange, PERMISSIONS.configure) ?? configure(state, exchange, job);
      }
      return (
        denied(state, exchange, PERMISSIONS.extendedRead) ?? { status: 200, headers: XML, body: job.xml }
      );
  }
  const build = findBuild(state.root, job, rest[0] ?? "");
  return build ? buildRoute(state, exchange, job, build, rest.slice(1)) : notFound(exchange.path);
}
