"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ProblemView } from "#components/ui/problem.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import {
  cancelDeployment,
  deploymentQuery,
  retryDeployment,
  rollbackDeployment,
} from "#lib/deployments/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { planQuery } from "#lib/plans/client.ts";

export type DeploymentVerb = "cancel" | "retry" | "rollback";
export type DeploymentActions = {
  /** The action that a dialog asks about. */
  asked: DeploymentVerb | null;
  ask: (verb: DeploymentVerb | null) => void;
  run: () => void;
  busy: DeploymentVerb | null;
  problem: ProblemView | null;
};

/** Cancel, retry and roll back a deployment. A rollback is a plan first: its page shows what would come back. */
export function useDeploymentActions(id: string): DeploymentActions {
  const t = useTranslations("deployments.actions");
  const toast = useToast();
  const router = useRouter();
  const client = useQueryClient();
  const [asked, ask] = useState<DeploymentVerb | null>(null);
  const { mutate, isPending, variables, error, reset } = useMutation({
    mutationFn: async (verb: DeploymentVerb) => {
      if (verb === "rollback") {
        const plan = await rollbackDeployment(id);
        client.setQueryData(planQuery(plan.digest).queryKey, plan);
        router.push(`/plans/${plan.digest}`);
        return;
      }
      const answer = await (verb === "cancel" ? cancelDeployment(id) : retryDeployment(id));
      client.setQueryData(deploymentQuery(id).queryKey, answer);
      toast.done(t(`${verb}.done`));
    },
    onSuccess: () => ask(null),
    onError: () => void client.invalidateQueries({ queryKey: deploymentQuery(id).queryKey }),
  });
  return {
    asked,
    ask: (verb) => {
      reset();
      ask(verb);
    },
    run: () => asked !== null && mutate(asked),
    busy: isPending ? (variables ?? null) : null,
    problem: problemOf(error),
  };
}
