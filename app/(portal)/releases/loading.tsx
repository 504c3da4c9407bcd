import { Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonRows } from "#components/ui/skeleton.tsx";

/** The shape of the list. */
export default function Loading() {
  return (
    <Page>
      <div className="flex h-8 items-center justify-between">
        <Skeleton className="h-5 w-24" />
        <Skeleton className="h-7 w-28" />
      </div>
      <div className="flex gap-2">
        <Skeleton className="h-8 w-56" />
        <Skeleton className="h-8 w-36" />
        <Skeleton className="h-8 w-32" />
      </div>
      <div className="card">
        <SkeletonRows rows={12} />
      </div>
    </Page>
  );
}
