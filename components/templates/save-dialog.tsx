"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { lineDiff } from "#components/ui/diff-lines.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { ProblemAlert, type ProblemView } from "#components/ui/problem.tsx";
import { ScrollBox } from "#components/ui/scroll-box.tsx";

/** Saving makes a version: what it changes, whom it concerns, and a word why. */
export function SaveDialog({
  open,
  onClose,
  version,
  saved,
  body,
  used,
  busy,
  problem,
  onSave,
}: {
  open: boolean;
  onClose: () => void;
  /** Version that was edited. */
  version: number;
  saved: string;
  body: string;
  /** How many components render it. */
  used: number;
  busy: boolean;
  problem: ProblemView | null;
  onSave: (comment: string) => void;
}) {
  const t = useTranslations("templates.save");
  const common = useTranslations("common");
  const [comment, setComment] = useState("");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      size="wide"
      title={t("title", { version: version + 1 })}
      description={t("what", { count: used })}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button kind="primary" loading={busy} onClick={() => onSave(comment.trim())}>
            {t("confirm", { version: version + 1 })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3.5">
        <ScrollBox label={t("diff", { version })} className="max-h-72 rounded-md border border-line">
          <DiffView mode="unified" lines={lineDiff(saved, body)} label={t("diff", { version })} />
        </ScrollBox>
        <Field label={t("comment")} hint={t("commentHint")}>
          <Input value={comment} maxLength={500} onChange={(event) => setComment(event.target.value)} />
        </Field>
        {problem !== null && <ProblemAlert problem={problem} />}
      </div>
    </Dialog>
  );
}
