import { cx } from "./cx.ts";

/** A grey bar in the shape of what comes; the page's `loading.tsx` builds the final layout from these. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx("skeleton h-3.5", className)} />;
}

const WIDTHS = ["w-2/5", "w-3/5", "w-1/2", "w-1/3"] as const;

/** Rows of a list or table. */
export function SkeletonRows({ rows = 5 }: { rows?: number }) {
  return (
    <div>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex h-9 items-center gap-6 border-b border-line px-3.5 last:border-0">
          <Skeleton className="w-24" />
          <Skeleton className={WIDTHS[row % WIDTHS.length]} />
          <Skeleton className="ml-auto w-16" />
        </div>
      ))}
    </div>
  );
}

/** A card with a head and rows. */
export function SkeletonCard({ rows = 5 }: { rows?: number }) {
  return (
    <div className="card">
      <div className="card-header">
        <Skeleton className="w-28" />
      </div>
      <SkeletonRows rows={rows} />
    </div>
  );
}

/** A whole page: head and two cards. */
export function SkeletonPage() {
  return (
    <div className="flex flex-col gap-4 px-4 py-5 md:px-6" aria-busy="true">
      <div className="flex flex-col gap-2.5 pb-1">
        <Skeleton className="w-44" />
        <Skeleton className="h-5 w-80" />
      </div>
      <SkeletonCard rows={4} />
      <SkeletonCard rows={8} />
    </div>
  );
}
