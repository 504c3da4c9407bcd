import { PERMISSIONS } from "./accounts.ts";
import type { Exchange } from "./exchange.ts";
import { jsonAnswer } from "./exchange.ts";
import { createItem, denied } from "./job-routes.ts";
import { jobPath } from "./job-view.ts";
import type { Job } from "./model.ts";
import type { Answer } from "./pages.ts";
import { notFound, postRequired, redirect } from "./pages.ts";
import type { ServerState } from "./server-state.ts";
import { jobView, logId } from "./server-state.ts";
import type { Json } from "./tree.ts";

const FOLDER_TREE = "description,displayName,fullName,name,url,jobs[name,url,color]";

/** Where an address below `/job` leads to: a job or a folder, and what of the path is left. */
export type Place =
  | { job: Job; rest: string[] }
  /** `folder` is its full name. */
  | { folder: string; rest: string[] };

/** Follows `/job/<folder>/job/<name>/…`; null where a step leads nowhere. */
export function follow(state: ServerState, segments: readonly string[]): Place | null {
  let folder = "";
  let left = [...segments];
  while (left[0] === "job" && left[1] !== undefined) {
    const name = folder === "" ? left[1] : `${folder}/${left[1]}`;
    left = left.slice(2);
    const job = state.jobs.get(name);
    if (job) return { job, rest: left };
    if (!state.folders.has(name)) return null;
    folder = name;
  }
  return { folder, rest: left };
}

const within = (name: string, folder: string): boolean =>
  folder === ""
    ? !name.includes("/")
    : name.startsWith(`${folder}/`) && !name.slice(folder.length + 1).includes("/");

/** What a folder holds, or the root: folders and jobs by name. */
export function itemsOf(state: ServerState, folder: string): Json[] {
  const names = [...state.folders, ...state.jobs.keys()].filter((name) => within(name, folder)).sort();
  return names.map((name) => {
    const job = state.jobs.get(name);
    return job ? jobView(state, job) : folderModel(state, name);
  });
}

function folderModel(state: ServerState, folder: string): { [key: string]: Json } {
  const name = folder.split("/").at(-1) ?? folder;
  return {
    _class: "com.cloudbees.hudson.plugins.folder.Folder",
    description: null,
    displayName: name,
    fullName: folder,
    name,
    url: `${state.root}${jobPath(folder).slice(1)}/`,
    get jobs() {
      return itemsOf(state, folder);
    },
  };
}

/** What a folder answers by itself. */
export function folderRoute(state: ServerState, exchange: Exchange, folder: string, rest: string[]): Answer {
  switch (rest.join("/")) {
    case "api/json":
      return jsonAnswer(exchange, folderModel(state, folder), FOLDER_TREE, logId());
    case "createItem":
      return createItem(state, exchange, folder);
    case "doDelete": {
      if (exchange.method !== "POST") return postRequired(`${state.root}${exchange.path.slice(1)}`);
      return denied(state, exchange, PERMISSIONS.delete) ?? remove(state, folder);
    }
  }
  return notFound(exchange.path);
}

function remove(state: ServerState, folder: string): Answer {
  for (const job of [...state.jobs.values()]) {
    if (job.name.startsWith(`${folder}/`)) state.executor.removeJob(job, state.jobs);
  }
  for (const name of [...state.folders]) {
    if (name === folder || name.startsWith(`${folder}/`)) state.folders.delete(name);
  }
  state.store.saveFolders(state.folders);
  return redirect(302, state.root);
}
