"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { Field, Input, Textarea } from "./field.tsx";
import { FormFrame } from "./form-frame.tsx";
import type { ProblemView } from "./problem.tsx";

/**
 * Asks before an outward or destructive action: `what` says what will happen to what, and where. Production adds
 * `typeName` (the name to type), some actions a `comment`. `onConfirm` receives the trimmed comment.
 */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  what,
  confirm,
  danger = false,
  typeName,
  comment,
  onConfirm,
  busy = false,
  blocked = false,
  problem,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  what: ReactNode;
  confirm: string;
  danger?: boolean;
  typeName?: string;
  comment?: { label: string; required?: boolean; hint?: string };
  onConfirm: (comment: string) => void;
  busy?: boolean;
  /** There is nothing to confirm (any more): `what` says why. */
  blocked?: boolean;
  problem?: ProblemView | null;
}) {
  const t = useTranslations("common");
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  useEffect(() => {
    if (open) return;
    setTyped("");
    setText("");
  }, [open]);
  const ready =
    !blocked &&
    (typeName === undefined || typed.trim() === typeName) &&
    (comment?.required !== true || text.trim() !== "");
  return (
    <FormFrame
      open={open}
      onClose={() => onOpenChange(false)}
      title={title}
      submit={confirm}
      danger={danger}
      ready={ready}
      busy={busy}
      problem={problem}
      onSubmit={() => onConfirm(text.trim())}
    >
      <div className="text-fg-2 [&_b]:text-fg [&_strong]:text-fg">{what}</div>
      {comment !== undefined && (
        <Field label={comment.label} hint={comment.hint}>
          <Textarea
            value={text}
            required={comment.required}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
      )}
      {typeName !== undefined && (
        <Field label={t("typeName", { name: typeName })}>
          <Input
            mono
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
      )}
    </FormFrame>
  );
}
