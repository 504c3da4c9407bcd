import type { EventStream } from "#lib/http/event-stream.ts";
import type { LiveBoard } from "./board.ts";

type Board = Pick<LiveBoard, "whole" | "read">;

/**
 * Tells a reader what some boards show: all there is first, then every change. A reader who takes them too slowly misses
 * changes and is told all there is when they have caught up, so that little ever waits for them.
 */
export function tellBoards(boards: readonly Board[], out: EventStream): void {
  const behind = new Set<Board>();
  const tellWhole = (board: Board) => {
    const whole = board.whole();
    if (whole) out.send(whole);
  };
  out.onDrain(() => {
    for (const board of behind) tellWhole(board);
    behind.clear();
  });
  for (const board of boards) {
    tellWhole(board);
    const leave = board.read((frame) => {
      if (behind.has(board)) return;
      if (out.keepsUp) out.send(frame);
      else behind.add(board);
    });
    out.onEnd(leave);
  }
}
