import { PlanSkeleton } from "#components/plans/plan-skeleton.tsx";

export default function Loading() {
  return <PlanSkeleton />;
}
