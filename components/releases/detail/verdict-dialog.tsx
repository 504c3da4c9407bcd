"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ChoiceCards } from "#components/ui/choice.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { ProblemError } from "#lib/http/client.ts";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { giveVerdict } from "#lib/stages/client.ts";
import { type Ask, movedSince } from "./stage-ask.ts";
import { StageMoved } from "./stage-moved.tsx";
import { StageWay } from "./stage-way.tsx";

type Choice = "pass" | "reject";

/** The tester's word on what is under test. A rejection says why, and both say what happens next. */
export function VerdictDialog({
  release,
  stage,
  ask,
  onClose,
}: {
  release: ReleaseDto;
  stage: StageDto;
  ask: Ask;
  /** `done`: it was given. */
  onClose: (done: boolean) => void;
}) {
  const t = useTranslations("releases.verdict");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const [choice, setChoice] = useState<Choice | null>(null);
  const [comment, setComment] = useState("");
  const { environment } = stage;
  // The second half of a double click comes before the button is off; what was refused may be tried again.
  const key = useRef<string | null>(null);
  const give = useMutation({
    mutationFn: (verdict: Choice) =>
      giveVerdict(
        { number: release.number, environment },
        { verdict, comment: comment.trim() },
        { version: ask.version, idempotencyKey: key.current ?? crypto.randomUUID() },
      ),
    onSuccess: (_, verdict) => {
      toast.done(t(verdict === "pass" ? "passed" : "rejected", { environment }));
      onClose(true);
    },
    onError: () => {
      key.current = null;
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["release", release.number] }),
  });
  const settled = give.isPending || give.isSuccess;
  const moved = !settled && movedSince(ask, stage) !== null;
  const waiting = stage.queueLength;
  const missing = choice === "reject" && comment.trim() === "";
  const last = release.stages.at(-1)?.environment === environment;
  const next = release.stages[release.stages.findIndex((other) => other.environment === environment) + 1];
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose(false);
      }}
      title={t("title", { environment })}
      footer={
        <>
          <Button kind="quiet" onClick={() => onClose(false)}>
            {common("cancel")}
          </Button>
          <Button
            kind={choice === "reject" ? "danger-fill" : "primary"}
            disabled={choice === null || missing || moved}
            loading={settled}
            onClick={() => {
              if (choice === null || key.current !== null) return;
              key.current = crypto.randomUUID();
              give.mutate(choice);
            }}
          >
            {t(choice === null ? "confirm" : choice === "reject" ? "confirmReject" : "confirmPass")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {moved && <StageMoved ask={ask} stage={stage} />}
        <StageWay release={release} stage={stage} />
        <ChoiceCards
          label={t("choice")}
          value={choice}
          onChange={setChoice}
          options={[
            {
              value: "pass",
              label: t("pass"),
              hint: last
                ? t("passLast", { waiting })
                : t("passHint", { next: next?.environment ?? "", waiting }),
            },
            { value: "reject", label: t("reject"), hint: t("rejectHint", { environment, waiting }) },
          ]}
        />
        <Field label={t("comment")} hint={choice === "reject" ? t("commentRequired") : t("commentHint")}>
          <Textarea value={comment} maxLength={2000} onChange={(event) => setComment(event.target.value)} />
        </Field>
        {!moved && give.error instanceof ProblemError && <ProblemAlert problem={give.error.problem} />}
      </div>
    </Dialog>
  );
}
