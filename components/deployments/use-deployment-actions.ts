"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ProblemView } from "#components/ui/problem.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import {
  cancelDeployment,
  continueDeployment,
  deploymentQuery,
  pauseDeployment,
  retryDeployment,
  rollbackDeployment,
  skipTarget,
} from "#lib/deployments/client.ts";
import type { DeploymentAction } from "#lib/deployments/state.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { planQuery } from "#lib/plans/client.ts";
import type { Continued } from "./flow-model.ts";

/** What a dialog asks about before it is done; a pause and going on are done at once. */
export type AskedVerb = Exclude<DeploymentAction, "pause" | "continue">;
type Asked = { verb: Exclude<AskedVerb, "skip"> } | { verb: "skip"; target: string };
type Done =
  | { verb: "cancel" | "retry" | "rollback" | "pause" }
  | { verb: "continue"; what: Continued }
  | { verb: "skip"; target: string; reason: string };
export type DeploymentActions = {
  /** The action that a dialog asks about. */
  asked: Asked | null;
  ask: (asked: Asked | null) => void;
  /** Does what is asked about; `comment` is the reason of a skip. */
  run: (comment: string) => void;
  pause: () => void;
  go: (what: Continued) => void;
  busy: DeploymentAction | null;
  problem: ProblemView | null;
};

/** Every action on a deployment. A rollback is a plan first: its page shows what would come back. */
export function useDeploymentActions(id: string): DeploymentActions {
  const t = useTranslations("deployments.actions");
  const toast = useToast();
  const router = useRouter();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { mutate, isPending, variables, error, reset } = useMutation({
    mutationFn: async (done: Done) => {
      if (done.verb === "rollback") {
        const plan = await rollbackDeployment(id);
        client.setQueryData(planQuery(plan.digest).queryKey, plan);
        router.push(`/plans/${plan.digest}`);
        return;
      }
      client.setQueryData(deploymentQuery(id).queryKey, await send(id, done));
      toast.done(t(`${done.verb}.done`));
    },
    onSuccess: () => setAsked(null),
    onError: () => void client.invalidateQueries({ queryKey: deploymentQuery(id).queryKey }),
  });
  return {
    asked,
    ask: (next) => {
      reset();
      setAsked(next);
    },
    run: (reason) => {
      if (asked?.verb === "skip") mutate({ ...asked, reason });
      else if (asked) mutate(asked);
    },
    pause: () => mutate({ verb: "pause" }),
    go: (what) => mutate({ verb: "continue", what }),
    busy: isPending ? (variables?.verb ?? null) : null,
    problem: problemOf(error),
  };
}

function send(id: string, done: Exclude<Done, { verb: "rollback" }>) {
  switch (done.verb) {
    case "cancel":
      return cancelDeployment(id);
    case "pause":
      return pauseDeployment(id);
    case "continue":
      return continueDeployment(id, done.what);
    case "skip":
      return skipTarget(id, { target: done.target, reason: done.reason });
    default:
      return retryDeployment(id);
  }
}
