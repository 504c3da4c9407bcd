"use client";

import { type RefObject, useEffect, useState } from "react";
import { LogBuffer } from "#components/ui/log/log-buffer.ts";
import type { ProblemView } from "#components/ui/problem.tsx";

/** What a page keeps of a log; the download has what the cluster keeps. */
const KEPT = { bytes: 64 * 1024 * 1024, lines: 700_000 };
/** The page is drawn again at most this often, and gets its turn after this long at the latest. */
const DRAW_MS = 200;
const TURN_MS = 8;

export type PodLog = {
  log: LogBuffer;
  /** Raised at every change of the log. */
  version: number;
  /** More may come. */
  open: boolean;
  problem: ProblemView | null;
};

async function problemOf(response: Response): Promise<ProblemView> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string")
      return { ...body, code: body.code };
  } catch {
    // No problem document: the status says what is known.
  }
  return { code: "INTERNAL", status: response.status };
}

const turn = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads until the end; `held` waits with what would push out the lines that somebody reads. */
async function readInto(
  log: LogBuffer,
  body: ReadableStream<Uint8Array>,
  held: RefObject<boolean>,
  onMore: () => void,
): Promise<void> {
  const reader = body.getReader();
  let began = performance.now();
  for (;;) {
    while (held.current && log.full) await turn(200);
    const { done, value } = await reader.read();
    if (done) return;
    log.add(value);
    onMore();
    if (performance.now() - began > TURN_MS) {
      await turn();
      began = performance.now();
    }
  }
}

/**
 * A container's log as it comes; starts again when the address changes and stops when the reader goes. What follows a `#`
 * in the address is not sent: it tells one run of a container from the next.
 */
export function usePodLog(url: string, held: RefObject<boolean>): PodLog {
  const [state, setState] = useState<PodLog>(() => ({
    log: new LogBuffer(KEPT),
    version: 0,
    open: true,
    problem: null,
  }));
  useEffect(() => {
    const stop = new AbortController();
    const log = new LogBuffer(KEPT);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (more: Partial<PodLog> = {}) => {
      clearTimeout(timer);
      timer = undefined;
      if (!stop.signal.aborted) setState((old) => ({ ...old, ...more, version: old.version + 1 }));
    };
    setState({ log, version: 0, open: true, problem: null });
    const read = async () => {
      const response = await fetch(url, { signal: stop.signal });
      if (!response.ok || response.body === null) {
        draw({ open: false, problem: await problemOf(response) });
        return;
      }
      await readInto(log, response.body, held, () => {
        timer ??= setTimeout(draw, DRAW_MS);
      });
      log.close();
      draw({ open: false });
    };
    read().catch(() => draw({ open: false, problem: { code: "OFFLINE" } }));
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [url, held]);
  return state;
}
