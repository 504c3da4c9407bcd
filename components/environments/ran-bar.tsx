"use client";

import { type KeyboardEvent, useId } from "react";
import { cx } from "#components/ui/cx.ts";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { useRanText } from "./use-ran-text.ts";
import { itemsOf, percentOf, type RanItem, type RanLane } from "./what-ran-model.ts";

type Range = { from: string; to: string };

/** A time during which one release order ran; hatched from where it is not sure. */
function Ran({ item, range, current }: { item: RanItem & { what: "span" }; range: Range; current: boolean }) {
  const { unsureFrom, to } = item.span;
  const left = percentOf(item.from, range);
  const right = percentOf(to ?? range.to, range);
  const unsure =
    unsureFrom === null ? 100 : ((percentOf(unsureFrom, range) - left) / (right - left || 1)) * 100;
  const now = to === null;
  return (
    <span
      aria-hidden
      className={cx(
        "@container absolute inset-y-0 overflow-hidden rounded-sm border-t-[3px]",
        now ? "border-accent bg-accent-soft" : "border-line-strong bg-sunken",
        current && "outline-2 -outline-offset-1 outline-accent",
      )}
      style={{ left: `${left}%`, width: `max(calc(${right - left}% - 2px), 3px)` }}
    >
      {unsureFrom !== null && (
        <span className="stripes absolute inset-y-0 right-0" style={{ left: `${unsure}%` }} />
      )}
      <span
        className={cx(
          "relative hidden truncate px-1.5 font-mono text-xs leading-[21px] @min-[84px]:block",
          !now && "text-fg-2",
        )}
      >
        {item.release}
      </span>
    </span>
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
  at,
}: {
  lane: RanLane;
  label: string;
  range: Range;
  textOf: ReturnType<typeof useRanText>;
  /** Key of the one that is told of below the bars. */
  shown: string | null;
  onShow: (key: string) => void;
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
    if (next) onShow(next.key);
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
          onPointerDown={() => onShow(item.key)}
        >
          {item.what === "span" ? (
            <Ran item={item} range={range} current={item.key === shown} />
          ) : (
            <span
              aria-hidden
              className={cx(
                "absolute -top-1 z-1 grid size-4 -translate-x-1/2 place-items-center rounded-full bg-surface [&_svg]:size-3.5!",
                item.key === shown && "outline-2 outline-accent",
              )}
              style={{ left: `clamp(8px, ${percentOf(item.from, range)}%, calc(100% - 8px))` }}
            >
              <StateIcon state={textOf(item).state} />
            </span>
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
