"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { EventDto as LiveEvent } from "#lib/events/schema.ts";
import { type Hearing, LiveConnection } from "./connection.ts";

const LiveContext = createContext<LiveConnection | null>(null);

/** One event stream a tab, shared by everything on the page (browsers allow six connections to a host). */
export function LiveProvider({ children }: { children: ReactNode }) {
  const connection = useMemo(() => new LiveConnection(), []);
  useEffect(() => {
    const cut = () => connection.cut();
    const mend = () => connection.mend();
    window.addEventListener("offline", cut);
    window.addEventListener("online", mend);
    return () => {
      window.removeEventListener("offline", cut);
      window.removeEventListener("online", mend);
      connection.close();
    };
  }, [connection]);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

/** Hears topics while mounted. The handler may change between renders; the topics are compared by value. */
export function useLive(topics: readonly string[], onEvent: (event: LiveEvent) => void): void {
  const connection = useContext(LiveContext);
  const handler = useRef(onEvent);
  useEffect(() => {
    handler.current = onEvent;
  });
  const key = topics.join(",");
  useEffect(() => {
    if (!connection || key === "") return;
    return connection.subscribe(key.split(","), (event) => handler.current(event));
  }, [connection, key]);
}

/** Whether what happens is heard. */
export function useConnection(): Hearing {
  const connection = useContext(LiveContext);
  const [hearing, setHearing] = useState<Hearing>("idle");
  useEffect(() => connection?.onState(setHearing), [connection]);
  return hearing;
}

/** True while the stream is open: pages show "live" only when they are. */
export function useLiveState(): boolean {
  return useConnection() === "open";
}
