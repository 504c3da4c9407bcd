import { Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

/** The shape of the form. */
export default function Loading() {
  return (
    <Page>
      <Skeleton className="h-5 w-40" />
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_376px]">
        <div className="flex flex-col gap-4">
          <SkeletonCard rows={6} />
          <SkeletonCard rows={4} />
        </div>
        <div className="flex flex-col gap-4">
          <SkeletonCard rows={4} />
          <SkeletonCard rows={4} />
        </div>
      </div>
    </Page>
  );
}
