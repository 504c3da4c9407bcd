/** Height of a line that is not wrapped, pixels. */
export const ROW_HEIGHT = 20;
/** Lines that are drawn and taken away together. */
export const PAGE = 20;
/** Browsers draw no box taller than some ten million pixels; a longer log is scrolled at a smaller scale. */
const TALLEST = 8_000_000;

/** A list of places `first` to `end` in a box of `view` pixels. */
export type Extent = { first: number; end: number; view: number };
/** Pages from `from` to `to`, both drawn. */
export type PageRange = { from: number; to: number };

const count = ({ first, end }: Extent) => Math.max(0, end - first);

/** Height of what is scrolled, if no line was wrapped. */
export const heightOf = (extent: Extent): number => Math.min(count(extent) * ROW_HEIGHT, TALLEST);

/** Where a place is, from the top of what is scrolled: the last screen of lines is at its end. */
export function topOf(extent: Extent, place: number): number {
  const height = heightOf(extent);
  const last = count(extent) - extent.view / ROW_HEIGHT;
  if (last <= 0) return (place - extent.first) * ROW_HEIGHT;
  return ((place - extent.first) / last) * Math.max(0, height - extent.view);
}

/** The place that belongs at the top of the box when it is scrolled to `top`. */
export function placeAt(extent: Extent, top: number): number {
  const room = heightOf(extent) - extent.view;
  if (room <= 0) return extent.first;
  const last = count(extent) - extent.view / ROW_HEIGHT;
  const place = extent.first + Math.floor((Math.max(0, top) / room) * last);
  return Math.min(Math.max(place, extent.first), extent.end - 1);
}

export const pageOf = (place: number): number => Math.floor(place / PAGE);

/** Pages to draw around the one at the top of the box: a screen before, and two from there on. */
export function pagesAround(extent: Extent, page: number): PageRange {
  const screen = Math.ceil(extent.view / (PAGE * ROW_HEIGHT));
  const from = Math.max(pageOf(extent.first), page - screen - 1);
  const to = Math.min(pageOf(Math.max(extent.first, extent.end - 1)), page + 2 * screen + 1);
  return { from: Math.min(from, to), to };
}
