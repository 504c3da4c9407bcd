import { Columns, Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

/** The shape of a release order: head, line, two columns. */
export default function Loading() {
  return (
    <Page>
      <div className="flex flex-col gap-2.5 pb-1">
        <Skeleton className="w-44" />
        <Skeleton className="h-5 w-80 max-w-full" />
        <Skeleton className="w-56" />
      </div>
      <div className="card h-44" />
      <Columns
        aside={
          <>
            <SkeletonCard rows={4} />
            <SkeletonCard rows={3} />
          </>
        }
      >
        <SkeletonCard rows={3} />
        <SkeletonCard rows={4} />
        <SkeletonCard rows={6} />
      </Columns>
    </Page>
  );
}
