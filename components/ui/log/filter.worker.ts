import { type LogPattern, matcherOf, matchesIn } from "./line-filter.ts";

/*
 * Looks through a log beside the page: an expression that takes for ever then holds up nobody, and is ended from outside.
 * One answer a chunk, in the order they were sent.
 */
let matcher: ReturnType<typeof matcherOf> | null = null;

self.onmessage = ({ data }: MessageEvent<{ task: LogPattern } | { bytes: Uint8Array }>) => {
  if ("task" in data) matcher = matcherOf(data.task);
  else if (matcher) {
    const matches = matchesIn(data.bytes, matcher);
    self.postMessage(matches, { transfer: [matches.buffer] });
  }
};
