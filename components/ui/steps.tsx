import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { StateIcon } from "./state-badge.tsx";
import type { StateName } from "./states.ts";

/** What happens next, in order: who must do what. `now` is the one that everything waits for. */
export function Steps({
  items,
}: {
  items: { key: string; title: ReactNode; sub?: ReactNode; now?: boolean; done?: boolean }[];
}) {
  return (
    <ol className="flex flex-col">
      {items.map((item, index) => (
        <li
          key={item.key}
          aria-current={item.now ? "step" : undefined}
          className={cx("step", item.now && "step-now", item.done && "step-done")}
        >
          <span className="step-number">{item.done ? <Check aria-hidden /> : index + 1}</span>
          <div className="min-w-0">
            <div
              className={cx("first-letter:uppercase", item.now && "font-semibold", item.done && "text-fg-2")}
            >
              {item.title}
            </div>
            {item.sub !== undefined && <div className="text-fg-3 first-letter:uppercase">{item.sub}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** One line of what happened: when, who or which state, what, how long. `fresh` marks the newest while it streams. */
export function TimelineRow({
  time,
  who,
  state,
  title,
  detail,
  end,
  fresh = false,
}: {
  time: ReactNode;
  who?: ReactNode;
  state?: StateName;
  title: ReactNode;
  detail?: ReactNode;
  end?: ReactNode;
  fresh?: boolean;
}) {
  return (
    <li className={cx("timeline-row", fresh && "timeline-fresh")}>
      <span className={cx("whitespace-nowrap", fresh ? "text-fg-2" : "text-fg-3")}>{time}</span>
      <span className="grid place-items-center">
        {state === undefined ? who : <StateIcon state={state} />}
      </span>
      <span className="min-w-0">
        <span className="block truncate">{title}</span>
        {detail !== undefined && <span className="block text-fg-2">{detail}</span>}
      </span>
      {end !== undefined && <span className="text-fg-3">{end}</span>}
    </li>
  );
}
