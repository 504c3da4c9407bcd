import type { Exchange } from "./exchange.ts";
import { jsonAnswer, parameter } from "./exchange.ts";
import type { QueueItem } from "./model.ts";
import type { Answer } from "./pages.ts";
import { notFound, oops, postRequired, redirect } from "./pages.ts";
import { ITEM_TREE, QUEUE_TREE } from "./queue-view.ts";
import type { ServerState } from "./server-state.ts";
import { itemView, logId } from "./server-state.ts";

function cancel(state: ServerState, exchange: Exchange, item: QueueItem): Answer {
  // Who may not cancel is told that the item is not cancellable, not which right is missing.
  if (!exchange.identity.account?.mayChange) return oops(422, logId());
  return state.queue.cancel(item) ? { status: 204, headers: {}, body: "" } : oops(500, logId());
}

function list(state: ServerState, exchange: Exchange): Answer {
  const items = state.queue.pending().flatMap((item) => {
    const job = state.jobs.get(item.job);
    return job ? [itemView(state, job, item)] : [];
  });
  const model = { _class: "hudson.model.Queue", discoverableItems: [], items };
  return jsonAnswer(exchange, model, QUEUE_TREE, logId());
}

function find(state: ServerState, id: string | null): QueueItem | undefined {
  return id !== null && /^\d+$/.test(id) ? state.queue.find(Number(id)) : undefined;
}

/** Everything below `/queue`. */
export function queueRoute(state: ServerState, exchange: Exchange): Answer {
  const [, noun, ...rest] = exchange.segments;
  const [id, ...action] = rest;
  if (noun === "api" && id === "json") return list(state, exchange);
  if (noun === "cancelItem") {
    if (exchange.method !== "POST") return postRequired(`${state.root}${exchange.path.slice(1)}`);
    const item = find(state, parameter(exchange, "id"));
    return item ? cancel(state, exchange, item) : oops(404, logId());
  }
  const item = noun === "item" ? find(state, id ?? null) : undefined;
  const job = item && state.jobs.get(item.job);
  if (!item || !job) return notFound(exchange.path);
  if (action.join("/") === "api/json")
    return jsonAnswer(exchange, itemView(state, job, item), ITEM_TREE, logId());
  if (action.join("/") === "cancelQueue") {
    if (exchange.method !== "POST") return postRequired(`${state.root}${exchange.path.slice(1)}`);
    // The older address says nothing of the outcome and leads back to where the caller came from.
    if (exchange.identity.account?.mayChange) state.queue.cancel(item);
    return redirect(302, exchange.message.headers.referer ?? `${state.root}queue/item/${item.id}/`);
  }
  return notFound(exchange.path);
}
