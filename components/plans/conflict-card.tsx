"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { BlockerList, ProblemAlert } from "#components/ui/problem.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { choosePlan, planQuery } from "#lib/plans/client.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { allOf, choicesOf, conflictGroups, type Wish, wishOf } from "./conflict-model.ts";
import { ConflictRow } from "./conflict-row.tsx";

export const CONFLICTS_ID = "conflicts";

/** Fields that others own, and the decision about each. Deciding makes a new plan. */
export function ConflictCard({ plan, onChosen }: { plan: PlanDto; onChosen: (digest: string) => void }) {
  const t = useTranslations("plans.conflicts");
  const toast = useToast();
  const client = useQueryClient();
  const [picked, setPicked] = useState<ReadonlyMap<string, Wish>>(new Map());
  const choose = useMutation({
    mutationFn: (choices: PlanDto["choices"]) => choosePlan(plan.digest, choices),
    onSuccess: (answer) => {
      client.setQueryData(planQuery(answer.digest).queryKey, answer);
      toast.done(t("chosen"));
      setPicked(new Map());
      onChosen(answer.digest);
    },
  });
  const groups = conflictGroups(plan.targets);
  if (groups.length === 0) return null;
  const { allowed, blockers } = plan.actions.choose;
  const open = groups.filter((group) => group.choice === null).length;
  const wishes = groups.map((group) => wishOf(group, picked));
  const changed = groups.filter((group, index) => wishes[index] !== group.choice).length;
  const aborts = wishes.includes("abort");
  const problem = problemOf(choose.error);
  return (
    <Card id={CONFLICTS_ID} className="scroll-mt-14 overflow-clip">
      <CardHeader
        title={
          <span className="inline-flex items-center gap-1.5">
            <TriangleAlert aria-hidden className={open > 0 ? "text-wait" : "text-fg-3"} />
            {t("title")}
          </span>
        }
        hint={open > 0 ? t("open", { count: open }) : t("allDecided")}
        className="flex-wrap"
        actions={
          allowed &&
          groups.length > 1 && (
            <>
              <Button size="small" kind="quiet" onClick={() => setPicked(allOf(groups, "leave"))}>
                {t("leave.all")}
              </Button>
              <Button size="small" kind="quiet" onClick={() => setPicked(allOf(groups, "take_over"))}>
                {t("take_over.all")}
              </Button>
            </>
          )
        }
      />
      <p className="border-b border-line px-3.5 py-2 text-fg-2">{t("lead")}</p>
      <ul>
        {groups.map((group, index) => (
          <ConflictRow
            key={group.key}
            group={group}
            wish={wishes[index] ?? null}
            disabled={!allowed || choose.isPending}
            onWish={(wish) => setPicked(new Map(picked).set(group.key, wish))}
          />
        ))}
      </ul>
      {problem !== null && <ProblemAlert problem={problem} className="m-3.5" />}
      {allowed ? (
        <CardFooter className="flex-wrap gap-y-2">
          <span className="min-w-0 flex-1">{t(aborts ? "abort.footer" : "footer")}</span>
          {aborts ? (
            <Button href={`/releases/${plan.release}`}>{t("abort.leave")}</Button>
          ) : (
            <Button
              kind={open > 0 ? "primary" : "normal"}
              disabled={changed === 0}
              loading={choose.isPending}
              onClick={() => choose.mutate(choicesOf(groups, picked, plan.choices))}
            >
              {t("apply", { count: changed })}
            </Button>
          )}
        </CardFooter>
      ) : (
        <BlockerList blockers={blockers} className="border-t border-line px-3.5 py-1" />
      )}
    </Card>
  );
}
