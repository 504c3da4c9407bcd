import { Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <Page>
      <Skeleton className="h-5 w-24" />
      <Skeleton className="w-96" />
      <SkeletonCard rows={6} />
    </Page>
  );
}
