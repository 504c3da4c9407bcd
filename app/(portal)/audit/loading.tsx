import { Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <Page>
      <Skeleton className="h-5 w-40" />
      <SkeletonCard rows={14} />
    </Page>
  );
}
