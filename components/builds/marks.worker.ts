import { type MarksTask, marksIn } from "./log-marks.ts";

/* Looks through a log for what is worth going to, beside the page. Lines are numbered from the first that is sent. */
let task: MarksTask = { telling: null };

self.onmessage = ({ data }: MessageEvent<{ task: MarksTask } | { bytes: Uint8Array }>) => {
  if ("task" in data) task = data.task;
  else self.postMessage(marksIn(data.bytes, 0, task));
};
