import pg from "pg";
import { env } from "#lib/env.ts";
import { logger } from "#lib/logger.ts";
import { EVENT_CHANNEL } from "./emit.ts";

type Listener = () => void;
/** One database connection a process hears every topic; streams subscribe in memory. */
type Hub = { byTopic: Map<string, Set<Listener>>; started: boolean };
const holder = globalThis as typeof globalThis & { refractEventHub?: Hub };

/**
 * Calls `wake` whenever something was committed on one of the topics, and after the connection was lost and found
 * again (something may have been missed: the caller reads from the database by sequence anyway).
 * @returns ends the subscription
 */
export function onTopics(topics: readonly string[], wake: Listener): () => void {
  holder.refractEventHub ??= { byTopic: new Map(), started: false };
  const hub = holder.refractEventHub;
  for (const topic of topics) {
    const listeners = hub.byTopic.get(topic) ?? new Set();
    listeners.add(wake);
    hub.byTopic.set(topic, listeners);
  }
  if (!hub.started) {
    hub.started = true;
    void connect(hub);
  }
  return () => {
    for (const topic of topics) {
      const listeners = hub.byTopic.get(topic);
      listeners?.delete(wake);
      if (listeners?.size === 0) hub.byTopic.delete(topic);
    }
  };
}

async function connect(hub: Hub): Promise<void> {
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: "refract-events",
    keepAlive: true,
  });
  const again = () => setTimeout(() => void connect(hub), 1000).unref();
  client.on("error", (error) => logger.warn({ error }, "event connection lost"));
  client.once("end", again);
  client.on("notification", ({ payload }) => {
    const topic = payload?.slice(0, payload.lastIndexOf(" ")) ?? "";
    for (const wake of hub.byTopic.get(topic) ?? []) wake();
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${EVENT_CHANNEL}`);
    for (const listeners of hub.byTopic.values()) for (const wake of listeners) wake();
  } catch (error) {
    logger.warn({ error }, "events cannot be heard, trying again");
    await client.end().catch(() => undefined);
  }
}
