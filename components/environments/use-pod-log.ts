"use client";

import { useEffect, useState } from "react";
import type { LogLine } from "#components/ui/log-viewer.tsx";
import type { ProblemView } from "#components/ui/problem.tsx";
import { type LivePlace, type LogChoice, podLogUrl } from "#lib/live/client.ts";

/** More lines than a reader can use; the download has what the cluster keeps. */
const KEPT = 20_000;
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) (.*)$/s;
/** A line with the time that the program wrote, in the reader's zone; one without a zone stays as it is. */
const toLine = (text: string): LogLine => {
  const [, stamp, rest] = STAMPED.exec(text) ?? [];
  const at = stamp === undefined ? null : new Date(stamp.replace(",", "."));
  if (at === null || Number.isNaN(at.getTime())) return { text };
  return { at: at.toTimeString().slice(0, 8), text: rest ?? "" };
};

export type PodLog = { lines: LogLine[]; open: boolean; problem: ProblemView | null };

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

/** A container's log as it comes; starts again when the choice changes and stops when the reader goes. */
export function usePodLog(place: LivePlace, choice: LogChoice): PodLog {
  const { project, environment } = place;
  const { pod, cluster, namespace, container, previous } = choice;
  const [log, setLog] = useState<PodLog>({ lines: [], open: true, problem: null });
  useEffect(() => {
    const stop = new AbortController();
    const chosen = { pod, cluster, namespace, container, previous };
    setLog({ lines: [], open: true, problem: null });
    const read = async () => {
      // A run that ended has no more lines to wait for.
      const response = await fetch(podLogUrl({ project, environment }, chosen, !previous), {
        signal: stop.signal,
      });
      if (!response.ok || response.body === null) {
        setLog({ lines: [], open: false, problem: await problemOf(response) });
        return;
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        const texts = (rest + (value ?? "")).split("\n");
        rest = done ? "" : (texts.pop() ?? "");
        const lines = texts.filter((text, index) => text !== "" || index < texts.length - 1).map(toLine);
        if (lines.length > 0 || done) {
          setLog((old) => ({ ...old, lines: [...old.lines, ...lines].slice(-KEPT), open: !done }));
        }
        if (done) return;
      }
    };
    read().catch(() => {
      if (!stop.signal.aborted) setLog((old) => ({ ...old, open: false, problem: { code: "OFFLINE" } }));
    });
    return () => stop.abort();
  }, [project, environment, pod, cluster, namespace, container, previous]);
  return log;
}
