"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Page } from "#components/ui/page.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { ProblemError } from "#lib/http/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { computePlan, planQuery } from "#lib/plans/client.ts";
import { PlanSkeleton } from "./plan-skeleton.tsx";
import { PlanView } from "./plan-view.tsx";

/** The newest plan of a release order for an environment; computes the first one by itself. */
export function StagePlan({
  release,
  environment,
  newest,
  mine,
  typeName,
}: {
  release: string;
  environment: string;
  newest: string | null;
  mine: string;
  typeName: string | null;
}) {
  const t = useTranslations("plans");
  const toast = useToast();
  const client = useQueryClient();
  const [digest, setDigest] = useState(newest);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => computePlan(release, environment),
    onSuccess: (plan) => {
      client.setQueryData(planQuery(plan.digest).queryKey, plan);
      if (digest !== null) toast.done(t(plan.digest === digest ? "recomputed.same" : "recomputed.new"));
      setDigest(plan.digest);
    },
    onError: (failure) => {
      if (digest !== null && failure instanceof ProblemError) toast.failed(failure.problem);
    },
  });
  const asked = useRef(false);
  useEffect(() => {
    if (newest !== null || asked.current) return;
    asked.current = true;
    mutate();
  }, [newest, mutate]);
  if (digest !== null) {
    return (
      <PlanView
        digest={digest}
        mine={mine}
        typeName={typeName}
        onRecompute={() => mutate()}
        onChosen={setDigest}
        computing={isPending}
      />
    );
  }
  if (error !== null) {
    return (
      <Page>
        <ErrorState
          title={t("notComputed", { environment })}
          problem={problemOf(error)}
          onRetry={() => mutate()}
        />
      </Page>
    );
  }
  return (
    <PlanSkeleton>
      <p role="status" className="inline-flex items-center gap-2 text-fg-2">
        <LoaderCircle aria-hidden className="spin" />
        {t("computing")}
      </p>
    </PlanSkeleton>
  );
}
