import { Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <Page>
      <Skeleton className="h-6 w-32" />
      <SkeletonCard rows={6} />
    </Page>
  );
}
