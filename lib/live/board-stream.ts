import type { LiveBoard } from "./board.ts";

/** Bytes that wait for a slow reader; beyond that they get the newest state when they have caught up. */
const WAITING = 256 * 1024;
const encoder = new TextEncoder();

type Board = Pick<LiveBoard, "whole" | "read">;
type StreamVoice = {
  /** Sends a text now, however slow the reader is. */
  say: (text: string) => void;
  /** Whether the reader takes what is sent. */
  keepsUp: () => boolean;
  /** Ends the stream. */
  stop: () => void;
};

/**
 * What some boards show as messages of one stream: all there is first, then every change. A reader who takes them too
 * slowly misses changes and is told all there is when they have caught up, so that little ever waits for them.
 * @param begin says what comes before; @returns what is to be done at the end, whoever ended it
 */
export function boardStream(
  boards: readonly Board[],
  begin: (voice: StreamVoice) => () => void,
): ReadableStream<Uint8Array> {
  const behind = new Set<Board>();
  let leave = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let closed = false;
        const keepsUp = () => (controller.desiredSize ?? 0) > 0;
        const ended = begin({
          say: (text) => {
            if (!closed) controller.enqueue(encoder.encode(text));
          },
          keepsUp,
          stop: () => {
            if (closed) return;
            leave();
            controller.close();
          },
        });
        const ends = boards.map((board) => {
          const whole = board.whole();
          if (whole) controller.enqueue(whole);
          return board.read((frame) => {
            if (closed || behind.has(board)) return;
            if (keepsUp()) controller.enqueue(frame);
            else behind.add(board);
          });
        });
        leave = () => {
          closed = true;
          for (const end of [...ends, ended]) end();
        };
      },
      pull(controller) {
        for (const board of behind) {
          const whole = board.whole();
          if (whole) controller.enqueue(whole);
        }
        behind.clear();
      },
      // The reader went away: the stream is closed already.
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: WAITING }),
  );
}
