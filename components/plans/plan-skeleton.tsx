import { Page } from "#components/ui/page.tsx";
import { Skeleton, SkeletonCard } from "#components/ui/skeleton.tsx";

/** A plan's final shape; `children` says what is being done when it takes long (asking clusters and registries). */
export function PlanSkeleton({ children }: { children?: React.ReactNode }) {
  return (
    <Page>
      <div className="flex flex-col gap-2.5" aria-busy="true">
        <Skeleton className="w-64" />
        <Skeleton className="h-6 w-52" />
        {children ?? <Skeleton className="w-80" />}
      </div>
      <div className="card grid grid-cols-2 gap-4 p-4 sm:grid-cols-3 lg:grid-cols-6">
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <div key={key} className="flex flex-col gap-2">
            <Skeleton className="w-16" />
            <Skeleton className="h-6 w-10" />
            <Skeleton className="w-24" />
          </div>
        ))}
      </div>
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_400px]">
        <SkeletonCard rows={5} />
        <SkeletonCard rows={5} />
      </div>
      <SkeletonCard rows={2} />
      <SkeletonCard rows={9} />
    </Page>
  );
}
