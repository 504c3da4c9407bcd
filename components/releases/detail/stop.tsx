import type { ReactNode } from "react";
import { cx } from "#components/ui/cx.ts";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { lookOf, type StateName } from "#components/ui/states.ts";

export type StopFact = { key: string; icon: ReactNode; text: ReactNode };

/** One stop of the line: name, state, what is known, the one next action. `now` is the one that everything waits for. */
export function Stop({
  name,
  title,
  state,
  now,
  facts,
  action,
}: {
  name: string;
  title?: string;
  state: StateName;
  now: boolean;
  facts: StopFact[];
  action?: ReactNode;
}) {
  const look = lookOf(state).kind;
  // The stop that everything waits for is amber even before its own state has a colour: a person is needed.
  const kind = now && look === "idle" ? "wait" : look;
  const idle = kind === "idle";
  return (
    <li
      aria-current={now ? "step" : undefined}
      data-stop={name}
      className={cx(
        `k-${kind} relative flex min-w-0 flex-col gap-2.5 px-4 pt-4 pb-3.5 max-md:border-t max-md:border-line max-md:first:border-t-0 md:min-h-44 md:border-l md:border-line md:first:border-l-0`,
        now && "bg-[linear-gradient(var(--s),transparent_62%)]",
      )}
    >
      <span
        aria-hidden
        className={cx(
          "absolute top-0 left-0 max-md:bottom-0 max-md:w-[3px] md:-top-px md:-right-px md:-left-px md:h-[3px]",
          idle
            ? "bg-[repeating-linear-gradient(90deg,var(--line-strong)_0_5px,transparent_5px_10px)] max-md:bg-[repeating-linear-gradient(var(--line-strong)_0_5px,transparent_5px_10px)]"
            : "bg-(--d)",
        )}
      />
      <div className="flex items-center justify-between gap-2">
        <h3 className="truncate text-[14px] font-semibold" title={title}>
          {name}
        </h3>
        <StateBadge state={state} pill={now} />
      </div>
      <ul className="flex flex-col gap-1 text-fg-2">
        {facts.map((fact) => (
          <li key={fact.key} className="flex min-w-0 items-start gap-1.5 [&>svg]:mt-[3px] [&>svg]:text-fg-3">
            {fact.icon}
            <span className="min-w-0 break-words">{fact.text}</span>
          </li>
        ))}
      </ul>
      {action !== undefined && <div className="mt-auto flex flex-wrap items-center gap-2 pt-1">{action}</div>}
    </li>
  );
}
