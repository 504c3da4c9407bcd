"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useLive } from "#components/live/live-provider.tsx";
import type { LogLine } from "#components/ui/log-viewer.tsx";
import { readLogPart } from "#lib/builds/client.ts";
import { LogText } from "./log-text.ts";

/**
 * The log of a build as lines. It is read once, and on from where it ended whenever an event says that there is more;
 * nothing polls.
 */
export function useBuildLog(id: string): {
  lines: LogLine[];
  complete: boolean;
  failed: boolean;
  retry: () => void;
} {
  const [lines, setLines] = useState<LogLine[]>([]);
  const [complete, setComplete] = useState(false);
  const [failed, setFailed] = useState(false);
  const read = useRef<() => void>(() => undefined);

  useEffect(() => {
    const text = new LogText();
    const stop = new AbortController();
    let offset = 0;
    let reading = false;
    let asked = false;
    let ended = false;
    setLines([]);
    setComplete(false);
    const catchUp = async () => {
      asked = true;
      if (reading) return;
      reading = true;
      try {
        while (asked && !ended) {
          asked = false;
          const part = await readLogPart(id, offset, stop.signal);
          setFailed(false);
          if (part.bytes.length > 0) {
            text.add(part.bytes);
            setLines(text.lines());
            // A long log comes in pieces: ask until there is nothing more for now.
            asked = part.next > offset;
          }
          offset = part.next;
          ended = part.complete;
        }
        if (ended) setComplete(true);
      } catch {
        if (!stop.signal.aborted) setFailed(true);
      } finally {
        reading = false;
      }
    };
    read.current = () => void catchUp();
    read.current();
    return () => stop.abort();
  }, [id]);

  useLive([`build:${id}`], () => read.current());
  const retry = useCallback(() => read.current(), []);
  return { lines, complete, failed, retry };
}
