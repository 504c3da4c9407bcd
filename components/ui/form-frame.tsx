"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId, useRef } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ProblemAlert, type ProblemView } from "./problem.tsx";

const FIELDS = "input:not([type=radio]:not(:checked)), textarea, select, [role=combobox]";

/** What to fill in comes first, then the answer: yes, or no where it destroys something or is not to be had. */
function firstOf(form: HTMLFormElement | null, danger: boolean): HTMLElement | null {
  const controls = [...(form?.elements ?? [])].filter(
    (one): one is HTMLElement => one instanceof HTMLElement && one.tabIndex >= 0 && !one.matches(":disabled"),
  );
  const inside = controls.find((one) => form?.contains(one) && one.matches(FIELDS));
  const no = controls.find((one) => one.matches("[data-cancel]"));
  const yes = controls.find((one) => one.matches("[type=submit]"));
  return inside ?? (danger ? no : yes) ?? no ?? null;
}

/** A dialog with one form: fields that scroll; below them, always in sight, what went wrong, cancel and submit. */
export function FormFrame({
  open = true,
  onClose,
  title,
  description,
  submit,
  danger = false,
  ready = true,
  busy,
  problem,
  onSubmit,
  size,
  children,
}: {
  open?: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  submit: string;
  danger?: boolean;
  ready?: boolean;
  busy: boolean;
  problem?: ProblemView | null;
  onSubmit: () => void;
  size?: "normal" | "wide";
  children: ReactNode;
}) {
  const t = useTranslations("common");
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={description}
      size={size}
      initialFocus={() => firstOf(form.current, danger) ?? true}
      footer={
        <>
          {problem != null && (
            <div className="w-full">
              <ProblemAlert problem={problem} />
            </div>
          )}
          <Button kind="quiet" form={id} data-cancel onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button submit form={id} kind={danger ? "danger-fill" : "primary"} disabled={!ready} loading={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        ref={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
