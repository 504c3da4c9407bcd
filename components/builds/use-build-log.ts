"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useLive } from "#components/live/live-provider.tsx";
import { LogBuffer } from "#components/ui/log/log-buffer.ts";
import { readLogPart } from "#lib/builds/client.ts";

/** What a page keeps of a log: more than builds print that anybody reads. The download has the rest. */
const KEPT = { bytes: 256 * 1024 * 1024, lines: 4_000_000 };
/** The page is drawn again at most this often while a long log comes. */
const DRAW_MS = 200;

export type BuildLog = {
  log: LogBuffer;
  /** Raised at every change of the log. */
  version: number;
  /** Bytes that were read. */
  read: number;
  /** All that there was when the page came was read; more may come. */
  caughtUp: boolean;
  /** Nothing more will come. */
  complete: boolean;
  failed: boolean;
};
const nothing = (): BuildLog => ({
  log: new LogBuffer(KEPT),
  version: 0,
  read: 0,
  caughtUp: false,
  complete: false,
  failed: false,
});

/**
 * The log of a build as it comes. It is read once, and on from where it ended whenever an event says that there is more;
 * nothing polls. When stored text was replaced it is read again from its start.
 */
export function useBuildLog(id: string): BuildLog & { retry: () => void } {
  const [state, setState] = useState<BuildLog>(nothing);
  const read = useRef<() => void>(() => undefined);

  useEffect(() => {
    const stop = new AbortController();
    let now = nothing();
    let generation = 0;
    let reading = false;
    let asked = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      clearTimeout(timer);
      timer = undefined;
      now = { ...now, version: now.version + 1 };
      if (!stop.signal.aborted) setState(now);
    };
    setState(now);
    const catchUp = async () => {
      asked = true;
      if (reading) return;
      reading = true;
      try {
        while (asked && !now.complete) {
          asked = false;
          const part = await readLogPart(id, now.read, stop.signal);
          if (part.generation !== generation) {
            if (now.read > 0) now = { ...nothing(), version: now.version };
            generation = part.generation;
            if (part.next !== part.bytes.length) {
              asked = true;
              continue;
            }
          }
          now.log.add(part.bytes);
          if (part.complete) now.log.close();
          // A long log comes in pieces: ask until there is nothing more for now.
          const more = part.bytes.length > 0 && !part.complete;
          asked ||= more;
          now = {
            ...now,
            read: part.next,
            caughtUp: now.caughtUp || !more,
            complete: part.complete,
            failed: false,
          };
          if (more) timer ??= setTimeout(draw, DRAW_MS);
          else draw();
        }
      } catch {
        now = { ...now, failed: true };
        draw();
      } finally {
        reading = false;
      }
    };
    read.current = () => void catchUp();
    read.current();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id]);

  useLive([`build:${id}`], () => read.current());
  const retry = useCallback(() => read.current(), []);
  return { ...state, retry };
}
