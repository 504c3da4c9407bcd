/** An event as the stream sends it; `reset` means that some were missed: load afresh. */
export type LiveEvent = {
  topic: string;
  seq: number;
  type: string;
  at: string;
  data: Record<string, unknown>;
};
type Handler = (event: LiveEvent) => void;

/** Wait for subscriptions of one render before (re)opening the stream. */
const SETTLE_MS = 30;

/** One EventSource for the union of the topics; it resumes after what was seen when the union changes. */
export class LiveConnection {
  #handlers = new Map<string, Set<Handler>>();
  #source: EventSource | null = null;
  #opened = "";
  #lastId = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stateListeners = new Set<(open: boolean) => void>();
  #open = false;

  subscribe(topics: readonly string[], handler: Handler): () => void {
    for (const topic of topics) {
      const handlers = this.#handlers.get(topic) ?? new Set();
      handlers.add(handler);
      this.#handlers.set(topic, handlers);
    }
    this.#settle();
    return () => {
      for (const topic of topics) {
        const handlers = this.#handlers.get(topic);
        handlers?.delete(handler);
        if (handlers?.size === 0) this.#handlers.delete(topic);
      }
      this.#settle();
    };
  }

  onState(listener: (open: boolean) => void): () => void {
    this.#stateListeners.add(listener);
    listener(this.#open);
    return () => {
      this.#stateListeners.delete(listener);
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#opened = "";
    this.#setOpen(false);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), SETTLE_MS);
  }

  #setOpen(open: boolean): void {
    if (this.#open === open) return;
    this.#open = open;
    for (const listener of this.#stateListeners) listener(open);
  }

  #connect(): void {
    const wanted = [...this.#handlers.keys()].sort().join(",");
    if (wanted === this.#opened && this.#source?.readyState !== EventSource.CLOSED) return;
    this.#source?.close();
    this.#source = null;
    this.#opened = wanted;
    if (wanted === "") {
      this.#setOpen(false);
      return;
    }
    const query = new URLSearchParams({
      topic: wanted,
      ...(this.#lastId ? { lastEventId: this.#lastId } : {}),
    });
    const source = new EventSource(`/api/v1/events?${query}`);
    this.#source = source;
    source.onopen = () => this.#setOpen(true);
    source.addEventListener("ready", (message) => {
      this.#lastId = message.lastEventId;
    });
    source.addEventListener("reset", () => this.#deliverToAll());
    // The right to hear was lost, or the session ended: what the page shows next is the server's decision.
    source.addEventListener("closed", () => window.location.reload());
    source.onmessage = (message) => {
      this.#lastId = message.lastEventId;
      const event = JSON.parse(message.data) as LiveEvent;
      for (const handler of this.#handlers.get(event.topic) ?? []) handler(event);
    };
    source.onerror = () => {
      this.#setOpen(false);
      // A refused stream (4xx, 5xx) is not tried again by the browser; the portal may be restarting.
      if (source.readyState === EventSource.CLOSED) {
        this.#opened = "";
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#connect(), 2000);
      }
    };
  }

  #deliverToAll(): void {
    for (const [topic, handlers] of this.#handlers) {
      for (const handler of handlers)
        handler({ topic, seq: 0, type: "reset", at: new Date().toISOString(), data: {} });
    }
  }
}
