"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { problemOf } from "#lib/http/problem-of.ts";

/** A dialog with one form: fields, what went wrong, cancel and submit. Enter submits. */
export function FormDialog({
  open,
  onOpenChange,
  title,
  description,
  submit,
  ready = true,
  busy,
  error,
  onSubmit,
  size,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  submit: string;
  ready?: boolean;
  busy: boolean;
  error: unknown;
  onSubmit: () => void;
  size?: "normal" | "wide";
  children: ReactNode;
}) {
  const t = useTranslations("common");
  const problem = problemOf(error);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={description} size={size}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onSubmit();
        }}
      >
        {children}
        {problem !== null && <ProblemAlert problem={problem} />}
        <div className="flex justify-end gap-2 border-t border-line pt-4">
          <Button kind="quiet" onClick={() => onOpenChange(false)}>
            {t("cancel")}
          </Button>
          <Button submit kind="primary" disabled={!ready} loading={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
