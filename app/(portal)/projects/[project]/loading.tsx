import { Columns, Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <Page>
      <Skeleton className="h-5 w-64" />
      <Columns
        aside={
          <>
            <SkeletonCard rows={5} />
            <SkeletonCard rows={1} />
          </>
        }
      >
        <SkeletonCard rows={4} />
        <SkeletonCard rows={3} />
        <SkeletonCard rows={4} />
      </Columns>
    </Page>
  );
}
