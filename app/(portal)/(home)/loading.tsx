import { Columns, Page } from "#components/ui/page.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <Page>
      <SkeletonCard rows={3} />
      <Columns
        aside={
          <>
            <SkeletonCard rows={2} />
            <SkeletonCard rows={8} />
          </>
        }
      >
        <SkeletonCard rows={10} />
      </Columns>
    </Page>
  );
}
