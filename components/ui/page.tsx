import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** The page's ground: padding and a column of blocks. */
export function Page({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className={cx("flex min-w-0 flex-col gap-4 px-4 pt-5 pb-10 md:px-6", className)}>{children}</div>
  );
}

/** Head of a page: a line above (number, tags), the title with its states, a line below, actions at the right. */
export function PageHeader({
  eyebrow,
  title,
  badges,
  meta,
  actions,
  sticky = false,
}: {
  eyebrow?: ReactNode;
  title: ReactNode;
  badges?: ReactNode;
  meta?: ReactNode;
  actions?: ReactNode;
  /** It stays in sight below the top bar where there is room for it. */
  sticky?: boolean;
}) {
  return (
    <div
      className={cx(
        "flex flex-wrap items-start justify-between gap-x-6 gap-y-3",
        sticky && "page-head-sticky",
      )}
    >
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1.5">
        {eyebrow !== undefined && (
          <div className="flex flex-wrap items-center gap-2 text-fg-2">{eyebrow}</div>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <h1 className="min-w-0 break-words">{title}</h1>
          {badges}
        </div>
        {meta !== undefined && (
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-fg-2">{meta}</div>
        )}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}

/** Main column and a side one of 316 px, which goes below on narrow windows. */
export function Columns({ aside, children }: { aside: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_316px]">
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
      <aside className="flex min-w-0 flex-col gap-4">{aside}</aside>
    </div>
  );
}

/** The foot of the window on long forms and reviews: summary left, actions right. The last child of the page. */
export function StickyBar({ actions, children }: { actions: ReactNode; children?: ReactNode }) {
  return (
    <div className="sticky bottom-0 z-20 mt-auto flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line-strong bg-surface px-4 py-2.5 md:px-6">
      <div className="flex min-w-[min(100%,11rem)] flex-1 flex-wrap items-center gap-x-3 gap-y-1">
        {children}
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2">{actions}</div>
    </div>
  );
}
