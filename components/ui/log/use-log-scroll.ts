"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import {
  type Extent,
  heightOf,
  PAGE,
  type PageRange,
  pageOf,
  pagesAround,
  placeAt,
  ROW_HEIGHT,
  topOf,
} from "./log-geometry.ts";

/** A row that is in sight, and where: what is drawn anew is put so that it stays there. */
type Anchor = { place: number; y: number };
/** Where to go, into the middle or to the top; a higher `key` goes there again. */
export type LogTarget = { place: number; key: number; atTop?: boolean };
/** Scrolling rests for so long before the scale is set right. */
const REST_MS = 250;

const elementOf = (layer: HTMLElement, place: number): HTMLElement | null =>
  layer.querySelector<HTMLElement>(`[data-place="${place}"]`);

/** The first row that reaches below `y` of the layer. */
function rowAt(layer: HTMLElement, y: number): HTMLElement | null {
  for (const page of layer.children) {
    if (!(page instanceof HTMLElement) || page.offsetTop + page.offsetHeight <= y) continue;
    for (const row of page.children) {
      if (row instanceof HTMLElement && row.offsetTop + row.offsetHeight > y) return row;
    }
  }
  return null;
}

/**
 * Virtual rows of any number and any height: pages around what is in sight are laid out by the browser itself, in a
 * layer that is moved so that the row in sight stays where it is. Small steps move by pixels; a jump goes to the place
 * that the scroll bar says.
 * @param layout changes when rows get other heights
 */
export function useLogScroll(input: {
  box: RefObject<HTMLElement | null>;
  layer: RefObject<HTMLDivElement | null>;
  sizer: RefObject<HTMLDivElement | null>;
  first: number;
  end: number;
  layout: string;
  following: boolean;
  target: LogTarget | undefined;
  onLeave: () => void;
  onArrive: () => void;
  /** Told the place that is looked at: the first in sight at the log's start, the last at its end, between them in between. */
  onSight: (place: number) => void;
}): { range: PageRange; onScroll: () => void } {
  const { box, layer, sizer, first, end, layout, following, target } = input;
  const [view, setView] = useState(600);
  const extent: Extent = { first, end, view };
  const [wanted, setWanted] = useState<PageRange>({ from: 0, to: 4 });
  const anchor = useRef<Anchor | null>(null);
  const base = useRef(0);
  const lastTop = useRef(0);
  const gone = useRef<number | undefined>(undefined);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);

  const sight = useRef(input.onSight);
  sight.current = input.onSight;
  const tellSight = useCallback(() => {
    const [outer, inner] = [box.current, layer.current];
    if (!outer || !inner) return;
    const room = outer.scrollHeight - outer.clientHeight;
    const share = room > 0 ? outer.scrollTop / room : 0;
    const row = rowAt(inner, outer.scrollTop + share * (outer.clientHeight - 1) - base.current);
    if (row) sight.current(Number(row.dataset.place));
  }, [box, layer]);

  const lastPage = pageOf(Math.max(first, end - 1));
  const goes = target !== undefined && gone.current !== target.key && end > first;
  const going = goes ? Math.max(first, Math.min(target.place, end - 1)) : null;
  const range = following
    ? pagesAround(extent, lastPage)
    : going !== null
      ? pagesAround(extent, pageOf(going))
      : { from: Math.max(wanted.from, pageOf(first)), to: Math.min(wanted.to, lastPage) };
  const shown: PageRange = range.from <= range.to ? range : pagesAround(extent, pageOf(first));

  const place = useCallback(() => {
    const [outer, inner, room] = [box.current, layer.current, sizer.current];
    if (!outer || !inner || !room) return;
    const now: Extent = { first, end, view: outer.clientHeight };
    let top = outer.scrollTop;
    const goal = going === null ? null : elementOf(inner, going);
    const kept = anchor.current && elementOf(inner, anchor.current.place);
    if (goal && going !== null) {
      const y = topOf(now, going);
      base.current = y - goal.offsetTop;
      top = target?.atTop === true ? y : y - (now.view - ROW_HEIGHT) / 2;
      gone.current = target?.key;
    } else if (kept && anchor.current) base.current = anchor.current.y - kept.offsetTop;
    else base.current = topOf(now, shown.from * PAGE);
    if (shown.from <= pageOf(first) && base.current !== 0) {
      if (!following) top -= base.current;
      base.current = 0;
    }
    const bottom = base.current + inner.offsetHeight;
    inner.style.transform = `translateY(${base.current}px)`;
    room.style.height = `${shown.to >= pageOf(Math.max(first, end - 1)) ? bottom : Math.max(heightOf(now), bottom + 1)}px`;
    if (following) top = room.offsetHeight;
    if (Math.abs(top - outer.scrollTop) >= 1) outer.scrollTop = top;
    lastTop.current = outer.scrollTop;
    const row = rowAt(inner, outer.scrollTop - base.current);
    anchor.current = row && { place: Number(row.dataset.place), y: base.current + row.offsetTop };
    if (goal) setWanted({ from: shown.from, to: shown.to });
    tellSight();
  }, [box, layer, sizer, first, end, following, going, target, shown.from, shown.to, tellSight]);
  // What lines there are, and how high they are, is known to the browser only now.
  useLayoutEffect(() => {
    if (layout !== "" && view > 0) place();
  }, [place, layout, view]);

  useEffect(() => {
    const outer = box.current;
    if (!outer) return;
    const watch = new ResizeObserver(() => setView(outer.clientHeight));
    watch.observe(outer);
    return () => {
      watch.disconnect();
      clearTimeout(rest.current);
    };
  }, [box]);

  /** Puts the row in sight where the scale has it; nobody sees more of that than the bar. */
  const setRight = useCallback(
    (least: number) => {
      const [outer, held] = [box.current, anchor.current];
      if (!outer || !held) return;
      const y = topOf({ first, end, view: outer.clientHeight }, held.place);
      if (Math.abs(y - held.y) < least) return;
      outer.scrollTop = y + (outer.scrollTop - held.y);
      anchor.current = { place: held.place, y };
      place();
    },
    [box, first, end, place],
  );

  const onScroll = () => {
    const [outer, inner] = [box.current, layer.current];
    if (!outer || !inner) return;
    const { scrollTop: top, clientHeight } = outer;
    const up = top < lastTop.current;
    const fromEnd = outer.scrollHeight - top - clientHeight;
    if (!up && top > lastTop.current && fromEnd < 24 && shown.to >= lastPage) input.onArrive();
    if (up && fromEnd > 48) input.onLeave();
    lastTop.current = top;
    const layerBottom = base.current + inner.offsetHeight;
    if (top + clientHeight < base.current || top > layerBottom) {
      const next = placeAt({ ...extent, view: clientHeight }, top);
      anchor.current = { place: next, y: top };
      setWanted(pagesAround(extent, pageOf(next)));
      return;
    }
    const row = rowAt(inner, top - base.current);
    if (row) anchor.current = { place: Number(row.dataset.place), y: base.current + row.offsetTop };
    const before = shown.from > pageOf(first) && top - base.current < clientHeight / 2;
    tellSight();
    // A page at a time: several at once are more than one frame's work.
    if (anchor.current) {
      const around = pagesAround(extent, pageOf(anchor.current.place));
      setWanted((old) => (old.from === around.from && old.to === around.to ? old : around));
    }
    if (before && top < clientHeight) setRight(1);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => setRight(2 * clientHeight), REST_MS);
  };
  return { range: shown, onScroll };
}
