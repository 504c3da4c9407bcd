"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { FormFrame } from "#components/ui/form-frame.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { type Saving, useSave } from "./use-save.ts";

/** A form that is saved, there as long as it is open: render it when it is asked for. Enter submits. */
export function FormDialog<T>({
  title,
  description,
  submit,
  ready,
  size,
  error: other,
  children,
  ...saving
}: Saving<T> & {
  title: ReactNode;
  description?: ReactNode;
  /** The word on the button; "Save" unless given. */
  submit?: string;
  ready?: boolean;
  size?: "normal" | "wide";
  /** Why the form itself could not be filled. */
  error?: unknown;
  children: ReactNode;
}) {
  const t = useTranslations("common");
  const { mutate, isPending, error } = useSave(saving);
  return (
    <FormFrame
      onClose={saving.onClose}
      title={title}
      description={description}
      submit={submit ?? t("save")}
      ready={ready}
      size={size}
      busy={isPending}
      problem={problemOf(error ?? other)}
      onSubmit={() => mutate()}
    >
      {children}
    </FormFrame>
  );
}
