"use client";

import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { ImageCopies } from "#components/policies/image-copies.tsx";
import { PlanFindings } from "#components/policies/plan-findings.tsx";
import { PageProject } from "#components/shell/page-project.tsx";
import { PlanStrategies } from "#components/strategies/plan-strategies.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Page } from "#components/ui/page.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { PLANS_KEY, planQuery } from "#lib/plans/client.ts";
import { ChangeReview } from "./change-review.tsx";
import { NewerNotice } from "./newer-notice.tsx";
import { PlanApprovals } from "./plan-approvals.tsx";
import { PlanBar } from "./plan-bar.tsx";
import { PlanBlockers, PlanChecks } from "./plan-checks.tsx";
import { PlanCommits } from "./plan-commits.tsx";
import { PlanFacts } from "./plan-facts.tsx";
import { PlanHead } from "./plan-head.tsx";
import { PlanSkeleton } from "./plan-skeleton.tsx";
import { ResponsibilityChain } from "./responsibility-chain.tsx";
import { distinctEntries, reviewGroups } from "./review-model.ts";
import { StaleNotice } from "./stale-notice.tsx";
import { useChoices } from "./use-choices.ts";
import { useSeen } from "./use-seen.ts";

/** Deployments of a plan that still go on. */
const OVER = ["succeeded", "failed", "cancelled", "rolled_back", "rolling_back"];

/** One plan with everything that bears on the decision about it. Nothing that matters is behind a tab. */
export function PlanView({
  digest,
  mine,
  typeName,
  onRecompute,
  onChosen,
  computing = false,
}: {
  digest: string;
  /** The reader's display name. */
  mine: string;
  /** What to type before deploying; null where that is not asked. */
  typeName: string | null;
  onRecompute?: () => void;
  /** Another plan took this one's place; left out, its own page is opened. */
  onChosen?: (digest: string) => void;
  computing?: boolean;
}) {
  const t = useTranslations("plans");
  const { data: plan, error, refetch, isPending } = useQuery(planQuery(digest));
  const { seen, mark } = useSeen(digest);
  const router = useRouter();
  const choices = useChoices(plan, onChosen ?? ((chosen) => router.replace(`/plans/${chosen}`)));
  useLiveQueries(
    plan === undefined ? [] : [`release:${plan.release}`, `environment:${plan.project}/${plan.environment}`],
    [PLANS_KEY],
  );
  if (isPending) return <PlanSkeleton />;
  if (plan === undefined) {
    return (
      <Page>
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      </Page>
    );
  }
  const groups = reviewGroups(plan.targets);
  const entries = distinctEntries(groups);
  const running = plan.deployments.find(({ state }) => !OVER.includes(state));
  return (
    <>
      <Page className="flex-1">
        <PageProject project={plan.project} />
        <PlanHead plan={plan} onRecompute={onRecompute} computing={computing} />
        {running !== undefined && (
          <Banner
            kind="run"
            title={t("running.title")}
            actions={
              <Button size="small" href={`/deployments/${running.id}`}>
                {t("running.open")}
              </Button>
            }
          >
            {t("running.text")}
          </Banner>
        )}
        {plan.kind === "rollback" && (
          <Banner kind="idle" icon={<Undo2 aria-hidden />} title={t("rollback.title")}>
            <ul>
              {plan.sources.map(({ component, release }) => (
                <li key={component}>{t("rollback.source", { component, release })}</li>
              ))}
            </ul>
          </Banner>
        )}
        {plan.newer !== null && running === undefined && <NewerNotice newer={plan.newer} onOpen={onChosen} />}
        {!plan.current && running === undefined && (
          <StaleNotice plan={plan} onRecompute={onRecompute} computing={computing} />
        )}
        <PlanFacts plan={plan} entries={entries} onConflict={choices.next} />
        <div className="grid items-stretch gap-4 xl:grid-cols-[minmax(0,1fr)_400px]">
          <div className="flex min-w-0 flex-col gap-4">
            <PlanBlockers plan={plan} />
            <PlanChecks plan={plan} />
          </div>
          <PlanApprovals plan={plan} mine={mine} />
        </div>
        <PlanFindings plan={plan} />
        <ImageCopies release={plan.release} environment={plan.environment} />
        <PlanStrategies plan={plan} />
        <ResponsibilityChain plan={plan} />
        <ChangeReview
          key={plan.digest}
          plan={plan}
          groups={groups}
          seen={seen}
          onSeen={mark}
          choices={choices}
        />
        {plan.kind === "deploy" && <PlanCommits release={plan.release} environment={plan.environment} />}
      </Page>
      <PlanBar plan={plan} unseen={entries.filter(({ key }) => !seen.has(key)).length} typeName={typeName} />
    </>
  );
}
