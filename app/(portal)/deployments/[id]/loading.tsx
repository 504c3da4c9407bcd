import { Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <Page>
      <div className="flex flex-col gap-2.5" aria-busy="true">
        <Skeleton className="w-64" />
        <Skeleton className="h-6 w-52" />
      </div>
      <div className="card grid grid-cols-2 gap-4 p-4 lg:grid-cols-5">
        {["a", "b", "c", "d", "e"].map((key) => (
          <div key={key} className="flex flex-col gap-2">
            <Skeleton className="w-16" />
            <Skeleton className="h-5 w-28" />
          </div>
        ))}
      </div>
      <SkeletonCard rows={4} />
      <SkeletonCard rows={6} />
    </Page>
  );
}
