import { CircleCheck, CircleX, Info, LockKeyhole, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import type { Kind } from "./states.ts";

const ICONS = {
  idle: Info,
  run: Info,
  wait: TriangleAlert,
  good: CircleCheck,
  bad: CircleX,
  held: LockKeyhole,
} as const;

/** A block in a page that says one thing about all of it. `bad` is announced at once. */
export function Banner({
  kind,
  title,
  icon,
  actions,
  className,
  children,
}: {
  kind: Kind;
  title: ReactNode;
  icon?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
}) {
  const Icon = ICONS[kind];
  return (
    <div
      role={kind === "bad" ? "alert" : "status"}
      className={cx(
        `k-${kind} flex items-start gap-2.5 max-sm:flex-wrap rounded-md border border-(--d)/40 bg-(--s) px-3.5 py-2.5`,
        className,
      )}
    >
      <span className="mt-0.5 text-(--c)">{icon ?? <Icon aria-hidden />}</span>
      <div className="min-w-0 flex-1">
        <span className="font-semibold text-(--c)">{title}</span>
        {children !== undefined && <div className="text-fg-2">{children}</div>}
      </div>
      {actions !== undefined && (
        <div className="flex flex-none items-center gap-2 max-sm:basis-full max-sm:pl-6">{actions}</div>
      )}
    </div>
  );
}
