"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { BlockerList } from "#components/ui/problem.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { APPROVALS_KEY, decidePlan } from "#lib/approvals/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { planQuery } from "#lib/plans/client.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { OutdatedNotice } from "./outdated-notice.tsx";
import { TakenNotice } from "./taken-notice.tsx";

/** Approve or reject: says what is decided, asks once more when parts were not looked at. */
export function DecideDialog({
  plan,
  decision,
  unseen,
  onClose,
}: {
  plan: PlanDto;
  decision: "approve" | "reject" | null;
  /** Parts that the reader has not ticked off. */
  unseen: number;
  onClose: () => void;
}) {
  const t = useTranslations("plans.decide");
  const toast = useToast();
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: ({ chosen, comment }: { chosen: "approve" | "reject"; comment: string }) =>
      decidePlan(plan.digest, chosen, comment),
    onSuccess: (answer, { chosen }) => {
      client.setQueryData(planQuery(plan.digest).queryKey, answer);
      void client.invalidateQueries({ queryKey: APPROVALS_KEY });
      toast.done(t(`${chosen}.done`));
      onClose();
    },
    // Whatever refused it is news to this page.
    onError: () => client.invalidateQueries({ queryKey: planQuery(plan.digest).queryKey }),
  });
  const kind = decision ?? "approve";
  return (
    <ConfirmDialog
      open={decision !== null}
      onOpenChange={(open) => {
        if (open) return;
        decide.reset();
        onClose();
      }}
      title={t(`${kind}.title`, { environment: plan.environment })}
      danger={kind === "reject"}
      confirm={t(kind === "approve" && unseen > 0 ? "approve.anyway" : `${kind}.confirm`)}
      what={
        <>
          {decide.error === null && <OutdatedNotice plan={plan} />}
          {decide.error === null && plan.current && <BlockerList blockers={plan.actions[kind].blockers} />}
          {kind === "approve" && unseen > 0 && (
            <Banner kind="wait" className="mb-3" title={t("unseen", { count: unseen })} />
          )}
          {kind === "approve" && <TakenNotice plan={plan} />}
          <p>
            {t.rich(`${kind}.what`, {
              release: plan.release,
              environment: plan.environment,
              b: (text) => <b>{text}</b>,
            })}
          </p>
        </>
      }
      comment={{ label: t("comment"), required: kind === "reject", hint: t(`${kind}.hint`) }}
      busy={decide.isPending}
      blocked={!plan.actions[kind].allowed}
      problem={problemOf(decide.error)}
      onConfirm={(comment) => decision !== null && decide.mutate({ chosen: decision, comment })}
    />
  );
}
