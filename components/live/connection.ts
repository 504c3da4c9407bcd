import type { EventDto as LiveEvent } from "#lib/events/schema.ts";
import { watchSilence } from "./silence.ts";

/** `idle`: nothing is to be heard; `lost`: what happens is not heard although it should be. */
export type Hearing = "idle" | "opening" | "open" | "lost";
type Handler = (event: LiveEvent) => void;

/** Whether a cursor (`topic@seq~topic@seq`) has a place for a topic. */
const hasSeen = (cursor: string, topic: string) =>
  cursor.split("~").some((part) => part.startsWith(`${topic}@`));

const resetOf = (topic: string): LiveEvent => ({
  topic,
  seq: 0,
  type: "reset",
  at: new Date().toISOString(),
  data: {},
});

/** Wait for subscriptions of one render before (re)opening the stream. */
const SETTLE_MS = 30;

/** One EventSource for the union of the topics; it resumes after what was seen when the union changes. */
export class LiveConnection {
  #handlers = new Map<string, Set<Handler>>();
  #source: EventSource | null = null;
  #silence: ReturnType<typeof watchSilence> | null = null;
  #opened = "";
  #lastId = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stateListeners = new Set<(hearing: Hearing) => void>();
  #hearing: Hearing = "idle";

  subscribe(topics: readonly string[], handler: Handler): () => void {
    for (const topic of topics) {
      const handlers = this.#handlers.get(topic) ?? new Set();
      handlers.add(handler);
      this.#handlers.set(topic, handlers);
    }
    this.#settle();
    // Of a topic that is told already, a newcomer may have missed what happened while its page was on the way.
    const told = topics.filter((topic) => this.#opened.split(",").includes(topic));
    const timer = setTimeout(() => {
      for (const topic of told) handler(resetOf(topic));
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      for (const topic of topics) {
        const handlers = this.#handlers.get(topic);
        handlers?.delete(handler);
        if (handlers?.size === 0) this.#handlers.delete(topic);
      }
      this.#settle();
    };
  }

  onState(listener: (hearing: Hearing) => void): () => void {
    this.#stateListeners.add(listener);
    listener(this.#hearing);
    return () => {
      this.#stateListeners.delete(listener);
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#leave();
    this.#opened = "";
    this.#tell("idle");
  }

  /** The browser has no network: the stream would notice only much later. */
  cut(): void {
    if (this.#source) this.#tell("lost");
  }

  /** The network is back: what was missed is asked for at once. */
  mend(): void {
    if (!this.#source) return;
    this.#leave();
    this.#opened = "";
    this.#settle();
  }

  #leave(): void {
    this.#silence?.stop();
    this.#silence = null;
    this.#source?.close();
    this.#source = null;
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), SETTLE_MS);
  }

  #tell(hearing: Hearing): void {
    if (this.#hearing === hearing) return;
    this.#hearing = hearing;
    for (const listener of this.#stateListeners) listener(hearing);
  }

  #connect(): void {
    const wanted = [...this.#handlers.keys()].sort().join(",");
    if (wanted === this.#opened && this.#source?.readyState !== EventSource.CLOSED) return;
    this.#leave();
    this.#opened = wanted;
    if (wanted === "") {
      this.#tell("idle");
      return;
    }
    const query = new URLSearchParams({
      topic: wanted,
      ...(this.#lastId ? { lastEventId: this.#lastId } : {}),
    });
    // The stream starts now for a topic that it has not told before; the page's data were read a moment earlier, and
    // what happened in between would be missed. A reconnect of the browser's own resumes, and needs nothing.
    let unheard = [...this.#handlers.keys()].filter((topic) => !hasSeen(this.#lastId, topic));
    const source = new EventSource(`/api/v1/events?${query}`);
    this.#source = source;
    if (this.#hearing === "idle") this.#tell("opening");
    // Quiet for too long: whoever is on the other end, it is not the portal any more.
    const silence = watchSilence(() => {
      this.#tell("lost");
      this.mend();
    });
    this.#silence = silence;
    source.onopen = () => {
      silence.heard();
      this.#tell("open");
    };
    source.addEventListener("beat", silence.heard);
    source.addEventListener("ready", (message) => {
      this.#lastId = message.lastEventId;
      this.#tellReset(unheard);
      unheard = [];
    });
    source.addEventListener("reset", () => this.#tellReset([...this.#handlers.keys()]));
    // The right to hear was lost, or the session ended: what the page shows next is the server's decision.
    source.addEventListener("closed", () => window.location.reload());
    source.onmessage = (message) => {
      silence.heard();
      this.#lastId = message.lastEventId;
      const event = JSON.parse(message.data) as LiveEvent;
      for (const handler of this.#handlers.get(event.topic) ?? []) handler(event);
    };
    source.onerror = () => {
      this.#tell("lost");
      // A refused stream (4xx, 5xx) is not tried again by the browser; the portal may be restarting.
      if (source.readyState === EventSource.CLOSED) {
        this.#opened = "";
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#connect(), 2000);
      }
    };
  }

  #tellReset(topics: readonly string[]): void {
    for (const topic of topics) {
      for (const handler of this.#handlers.get(topic) ?? []) handler(resetOf(topic));
    }
  }
}
