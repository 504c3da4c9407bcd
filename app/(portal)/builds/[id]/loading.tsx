import { Columns, Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

/** The shape of a build: head, facts, log and side column. */
export default function Loading() {
  return (
    <Page>
      <div className="flex flex-col gap-2.5 pb-1">
        <Skeleton className="w-56" />
        <Skeleton className="h-5 w-64" />
      </div>
      <div className="card h-20" />
      <Columns
        aside={
          <>
            <SkeletonCard rows={2} />
            <SkeletonCard rows={6} />
          </>
        }
      >
        <div className="card h-[max(480px,calc(100dvh-250px))]" />
      </Columns>
    </Page>
  );
}
