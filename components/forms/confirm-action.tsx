"use client";

import type { ReactNode } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { type Saving, useSave } from "./use-save.ts";

/** Asks before something is ended or taken away, and does it. Render it when there is something to ask about. */
export function ConfirmAction<T>({
  title,
  what,
  confirm,
  ...saving
}: Saving<T> & { title: ReactNode; what: ReactNode; confirm: string }) {
  const { mutate, isPending, error } = useSave(saving);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && saving.onClose()}
      title={title}
      what={what}
      confirm={confirm}
      danger
      busy={isPending}
      problem={problemOf(error)}
      onConfirm={() => mutate()}
    />
  );
}
