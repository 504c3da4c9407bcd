import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import type { Kind } from "./states.ts";

/** A small label that is no state: a branch, a component, an environment. `kind` colours its text for a risk mark. */
export function Tag({
  icon,
  kind,
  mono = false,
  className,
  children,
}: {
  icon?: ReactNode;
  kind?: Kind;
  mono?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span className={cx("tag", kind && `k-${kind}`, mono && "font-mono", className)}>
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
