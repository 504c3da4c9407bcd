"use client";

import { useEffect, useState } from "react";
import type { LogBuffer } from "#components/ui/log/log-buffer.ts";
import { LogWalk } from "#components/ui/log/log-walk.ts";
import type { LogMark } from "./log-marks.ts";

const DRAW_MS = 300;
/** More warnings, and more errors, are not kept; the search finds each of them. */
const MOST_MARKS = 5_000;

export type LogMarks = {
  marks: readonly LogMark[];
  /** The whole of what there is was looked through at least once. */
  searched: boolean;
};
const NOTHING: LogMarks = { marks: [], searched: false };

/** What is worth going to in a log, found in a worker as the log comes. */
export function useLogMarks(log: LogBuffer, version: number, telling: string | null): LogMarks {
  const [marks, setMarks] = useState(NOTHING);
  const [walk, setWalk] = useState<LogWalk<LogMark[]> | null>(null);
  useEffect(() => {
    let found: LogMark[] = [];
    const counts = { stage: 0, telling: 0, bad: 0, wait: 0 };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let searched = false;
    const draw = () => {
      searched ||= made.state !== "working" && made.reached > 0;
      timer ??= setTimeout(() => {
        timer = undefined;
        setMarks({ marks: found, searched });
      }, DRAW_MS);
    };
    setMarks(NOTHING);
    const made = new LogWalk<LogMark[]>({
      log,
      worker: new Worker(new URL("./marks.worker.ts", import.meta.url), { type: "module" }),
      task: { telling },
      take: (more, firstLine) => {
        const kept = more.filter(({ kind }) => {
          counts[kind] += 1;
          return counts[kind] <= MOST_MARKS;
        });
        found = [...found, ...kept.map((mark) => ({ ...mark, line: firstLine + mark.line + 1 }))];
        return kept.length > 0;
      },
      onChange: draw,
    });
    setWalk(made);
    return () => {
      clearTimeout(timer);
      made.stop();
    };
  }, [log, telling]);
  useEffect(() => {
    if (version > 0) walk?.grown();
  }, [walk, version]);
  return marks;
}
