import { randomUUID } from "node:crypto";
import type { Accounts } from "./accounts.ts";
import type { Executor } from "./executor.ts";
import { jobModel } from "./job-view.ts";
import type { Job, QueueItem } from "./model.ts";
import type { Queue } from "./queue.ts";
import { itemModel } from "./queue-view.ts";
import type { Store } from "./store.ts";
import type { Json } from "./tree.ts";

/** What the routes share. */
export interface ServerState {
  /** The server's URL with a slash at its end. */
  root: string;
  executors: number;
  /** Seconds. */
  quietPeriod: number;
  accounts: Accounts;
  /** By full name, `folder/name` inside a folder. */
  jobs: Map<string, Job>;
  /** Full names. */
  folders: Set<string>;
  store: Store;
  queue: Queue;
  executor: Executor;
}

/** The id that an error page names. */
export function logId(): string {
  return randomUUID();
}

export function itemView(state: ServerState, job: Job, item: QueueItem): Json {
  return itemModel(state.root, job, item, state.queue.standing(item));
}

export function jobView(state: ServerState, job: Job): { [key: string]: Json } {
  const item = state.queue.itemOf(job);
  return jobModel(state.root, job, item ? itemView(state, job, item) : null);
}
