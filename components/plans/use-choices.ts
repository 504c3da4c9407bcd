"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { choosePlan, planQuery } from "#lib/plans/client.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import {
  allOf,
  type Conflict,
  choicesOf,
  conflictGroups,
  conflictKeyOf,
  type Wish,
  wishOf,
} from "./conflict-model.ts";

/**
 * What the reader means to do about the fields that others own, until it is applied as one decision: a new plan under its
 * own digest.
 */
export function useChoices(plan: PlanDto | undefined, onChosen: (digest: string) => void) {
  const t = useTranslations("plans.conflicts");
  const toast = useToast();
  const client = useQueryClient();
  const [picked, setPicked] = useState<ReadonlyMap<string, Wish>>(new Map());
  const [jump, setJump] = useState<{ key: string } | null>(null);
  const groups = conflictGroups(plan?.targets ?? []);
  const choose = useMutation({
    mutationFn: () => choosePlan(plan?.digest ?? "", choicesOf(groups, picked, plan?.choices ?? [])),
    onSuccess: (answer) => {
      client.setQueryData(planQuery(answer.digest).queryKey, answer);
      toast.done(t("chosen"));
      setPicked(new Map());
      setJump(null);
      onChosen(answer.digest);
    },
  });
  const wishes = groups.map((group) => wishOf(group, picked));
  const open = groups.filter((_, index) => wishes[index] === null);
  const { allowed, blockers } = plan?.actions.choose ?? { allowed: false, blockers: [] };
  return {
    groups,
    /** Undecided and not picked yet. */
    open: open.length,
    changed: groups.filter((group, index) => wishes[index] !== group.choice).length,
    aborts: wishes.includes("abort"),
    release: plan?.release ?? "",
    allowed,
    blockers,
    pending: choose.isPending,
    problem: problemOf(choose.error),
    wish: (object: string, conflict: Conflict): Wish | null => {
      const key = conflictKeyOf(object, conflict);
      const group = groups.find((one) => one.key === key);
      return group === undefined ? null : wishOf(group, picked);
    },
    pick: (object: string, conflict: Conflict, wish: Wish) =>
      setPicked(new Map(picked).set(conflictKeyOf(object, conflict), wish)),
    pickAll: (wish: "leave" | "take_over") => setPicked(allOf(groups, wish)),
    apply: () => choose.mutate(),
    /** Where the reader was sent last. */
    jump,
    /** Sends the reader to the next conflict that waits for a word; to the next of all once none does. */
    next: () => {
      const waiting = open.length > 0 ? open : groups;
      const at = waiting.findIndex(({ key }) => key === jump?.key);
      const to = waiting[(at + 1) % waiting.length];
      if (to !== undefined) setJump({ key: to.key });
    },
  };
}
export type Choices = ReturnType<typeof useChoices>;
