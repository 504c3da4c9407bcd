"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field, Input, Textarea } from "./field.tsx";
import { ProblemAlert, type ProblemView } from "./problem.tsx";

/** What to fill in comes first, then the answer: yes, or no where it destroys something or is not to be had. */
function firstOf(form: HTMLFormElement | null, danger: boolean): HTMLElement | null {
  const answer = danger ? "[data-cancel]" : "[type=submit]:enabled";
  return (
    form?.querySelector<HTMLElement>("input, textarea") ??
    form?.querySelector<HTMLElement>(answer) ??
    form?.querySelector<HTMLElement>("[data-cancel]") ??
    null
  );
}

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
  const form = useRef<HTMLFormElement>(null);
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
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      initialFocus={() => firstOf(form.current, danger) ?? true}
    >
      <form
        ref={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onConfirm(text.trim());
        }}
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
        {problem != null && <ProblemAlert problem={problem} />}
        <div className="flex justify-end gap-2 border-t border-line pt-4">
          <Button kind="quiet" data-cancel onClick={() => onOpenChange(false)}>
            {t("cancel")}
          </Button>
          <Button submit kind={danger ? "danger-fill" : "primary"} disabled={!ready} loading={busy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
