import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { lookOf, type StateName } from "./states.ts";

/** The icon of a state alone, for places where the word stands beside it already. */
export function StateIcon({ state, className }: { state: StateName; className?: string }) {
  const { icon: Icon, kind, spins } = lookOf(state);
  return <Icon aria-hidden className={cx(`k-${kind} text-(--c)`, spins && "spin", className)} />;
}

/** A state: always icon and word. `text` replaces the word (a time taken, a count), `pill` adds the soft ground. */
export function StateBadge({
  state,
  pill = false,
  size = "normal",
  text,
  className,
}: {
  state: StateName;
  pill?: boolean;
  size?: "normal" | "small";
  text?: ReactNode;
  className?: string;
}) {
  const t = useTranslations("states");
  const { icon: Icon, kind, spins, striped } = lookOf(state);
  return (
    <span
      data-state={state}
      className={cx(
        "state",
        `k-${kind}`,
        pill && "state-pill",
        size === "small" && "state-small",
        pill && striped && "stripes",
        className,
      )}
    >
      <Icon aria-hidden className={cx(spins && "spin")} />
      <span>{text ?? t(state)}</span>
    </span>
  );
}
