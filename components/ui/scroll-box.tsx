import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** What scrolls must be reachable by keyboard (WCAG 2.1.1). */
const REACHABLE = { tabIndex: 0 };

/** A part of a page that scrolls by itself; `label` names it, `className` bounds its height. */
export function ScrollBox({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      {...REACHABLE}
      aria-label={label}
      className={cx("overflow-y-auto focus-visible:-outline-offset-2", className)}
    >
      {children}
    </section>
  );
}
