"use client";

import { type CSSProperties, type KeyboardEvent, useId } from "react";
import { cx } from "#components/ui/cx.ts";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { useRanText } from "./use-ran-text.ts";
import { itemsOf, percentOf, type RanItem, type RanLane } from "./what-ran-model.ts";

type Range = { from: string; to: string };

/** Where something stands on the bar; what runs now is wide enough to be hit however new it is. */
function placeOf(item: RanItem, range: Range): CSSProperties {
  const left = percentOf(item.from, range);
  if (item.what === "attempt") return { left: `clamp(8px, ${left}%, calc(100% - 8px))` };
  const width = percentOf(item.to ?? range.to, range) - left;
  if (item.to === null) return { right: 0, width: `max(${width}%, 10px)` };
  return { left: `${left}%`, width: `max(calc(${width}% - 2px), 3px)` };
}

const RAN = "@container absolute inset-y-0 overflow-hidden rounded-sm border-t-[3px]";
const TRIED =
  "absolute -top-1 z-1 grid size-4 -translate-x-1/2 place-items-center rounded-full bg-surface [&_svg]:size-3.5!";

/** The name of what ran, where there is room; hatched from where it is not sure. */
function Ran({ item, range }: { item: RanItem & { what: "span" }; range: Range }) {
  const { unsureFrom, to } = item.span;
  const [left, right] = [percentOf(item.from, range), percentOf(to ?? range.to, range)];
  return (
    <>
      {unsureFrom !== null && (
        <span
          className="stripes absolute inset-y-0 right-0"
          style={{ left: `${((percentOf(unsureFrom, range) - left) / (right - left || 1)) * 100}%` }}
        />
      )}
      <span
        className={cx(
          "relative hidden truncate px-1.5 font-mono text-xs leading-[21px] @min-[84px]:block",
          to !== null && "text-fg-2",
        )}
      >
        {item.release}
      </span>
    </>
  );
}

/**
 * One lane over time. A list box: arrow keys go from one thing to the next, each says all that there is to say of it;
 * however narrow it is, it can be reached.
 */
export function RanBar({
  lane,
  label,
  range,
  textOf,
  shown,
  onShow,
  onPick,
  at,
}: {
  lane: RanLane;
  label: string;
  range: Range;
  textOf: ReturnType<typeof useRanText>;
  /** Key of the one that is told of below the bars. */
  shown: string | null;
  /** The pointer is over it. */
  onShow: (key: string) => void;
  /** It was gone to by key, or clicked. */
  onPick: (key: string) => void;
  /** A time that is asked for, marked by a line. */
  at: string | null;
}) {
  const id = useId();
  const items = itemsOf(lane);
  const index = Math.max(
    0,
    items.findIndex(({ key }) => key === shown),
  );
  const optionId = (place: number) => `${id}${place}`;
  const go = (event: KeyboardEvent) => {
    const places: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      Home: 0,
      End: items.length - 1,
    };
    const next = items[places[event.key] ?? -1];
    if (event.key in places) event.preventDefault();
    if (next) onPick(next.key);
  };
  return (
    <div
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-activedescendant={optionId(index)}
      onKeyDown={go}
      onFocus={() => {
        if (!items.some(({ key }) => key === shown)) onShow(items.at(-1)?.key ?? "");
      }}
      className="relative h-6 min-w-0 rounded-sm bg-canvas focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-focus"
    >
      {items.map((item, place) => (
        <div
          key={item.key}
          id={optionId(place)}
          role="option"
          tabIndex={-1}
          aria-selected={item.key === shown}
          aria-label={textOf(item).all}
          onPointerEnter={() => onShow(item.key)}
          onPointerDown={() => onPick(item.key)}
          style={placeOf(item, range)}
          className={cx(
            item.what === "attempt" ? TRIED : RAN,
            item.what === "span" &&
              (item.to === null ? "border-accent bg-accent-soft" : "border-line-strong bg-sunken"),
            item.key === shown && "outline-2 -outline-offset-1 outline-accent",
          )}
        >
          {item.what === "span" ? (
            <Ran item={item} range={range} />
          ) : (
            <StateIcon state={textOf(item).state} />
          )}
        </div>
      ))}
      {at !== null && (
        <span
          aria-hidden
          className="pointer-events-none absolute -inset-y-1.5 z-2 w-0 border-l-2 border-wait-solid"
          style={{ left: `${percentOf(at, range)}%` }}
        />
      )}
    </div>
  );
}
