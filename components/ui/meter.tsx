import { cx } from "./cx.ts";
import type { Kind } from "./states.ts";

const percent = (part: number) => Math.round(Math.min(1, Math.max(0, part)) * 1000) / 10;

/** A thin bar: `value` and the mark of what is `usual`, both 0..1. */
export function Meter({
  value,
  usual,
  kind,
  label,
  className,
}: {
  value: number;
  usual?: number;
  kind?: Kind;
  label: string;
  className?: string;
}) {
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent(value)}
      className={cx("meter", kind && `k-${kind}`, className)}
    >
      <span className="meter-fill" style={{ width: `${percent(value)}%` }} />
      {usual !== undefined && <span className="meter-usual" style={{ left: `${percent(usual)}%` }} />}
    </span>
  );
}
