"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ChoiceCards } from "#components/ui/choice.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { ProblemError } from "#lib/http/client.ts";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { giveVerdict } from "#lib/stages/client.ts";

type Choice = "pass" | "reject";

/** The tester's word on what is under test. A rejection says why, and both say what happens next. */
export function VerdictDialog({
  release,
  stage,
  open,
  onOpenChange,
}: {
  release: ReleaseDto;
  stage: StageDto;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("releases.verdict");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const [choice, setChoice] = useState<Choice | null>(null);
  const [comment, setComment] = useState("");
  const { environment } = stage;
  const give = useMutation({
    mutationFn: (verdict: Choice) =>
      giveVerdict({ number: release.number, environment }, verdict, comment.trim()),
    onSuccess: (_, verdict) => {
      toast.done(t(verdict === "pass" ? "passed" : "rejected", { environment }));
      onOpenChange(false);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["release", release.number] }),
  });
  const { reset } = give;
  useEffect(() => {
    if (!open) return;
    setChoice(null);
    setComment("");
    reset();
  }, [open, reset]);
  const missing = choice === "reject" && comment.trim() === "";
  const last = release.stages.at(-1)?.environment === environment;
  const next = release.stages[release.stages.findIndex((other) => other.environment === environment) + 1];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { environment })}
      description={`${release.number} · ${release.title}`}
      footer={
        <>
          <Button kind="quiet" onClick={() => onOpenChange(false)}>
            {common("cancel")}
          </Button>
          <Button
            kind={choice === "reject" ? "danger-fill" : "primary"}
            disabled={choice === null || missing}
            loading={give.isPending}
            onClick={() => {
              if (choice !== null) give.mutate(choice);
            }}
          >
            {t(choice === "reject" ? "confirmReject" : "confirmPass")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ChoiceCards
          label={t("choice")}
          value={choice}
          onChange={setChoice}
          options={[
            {
              value: "pass",
              label: t("pass"),
              hint: last ? t("passLast") : t("passHint", { next: next?.environment ?? "" }),
            },
            { value: "reject", label: t("reject"), hint: t("rejectHint", { environment }) },
          ]}
        />
        <Field label={t("comment")} hint={choice === "reject" ? t("commentRequired") : t("commentHint")}>
          <Textarea value={comment} maxLength={2000} onChange={(event) => setComment(event.target.value)} />
        </Field>
        {give.error instanceof ProblemError && <ProblemAlert problem={give.error.problem} />}
      </div>
    </Dialog>
  );
}
