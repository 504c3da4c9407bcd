"use client";

import type { QueryKey } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import type { ServerNoun } from "./server-noun.ts";

/** The dialog that registers one of the systems the portal talks to, or changes one. */
export function ServerForm({
  noun,
  known,
  save,
  queryKey,
  ready,
  size,
  onClose,
  children,
}: {
  noun: ServerNoun;
  known: { key: string } | null;
  save: () => Promise<unknown>;
  /** The list that it is in. */
  queryKey: QueryKey;
  ready: boolean;
  size?: "normal" | "wide";
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useTranslations("settings");
  return (
    <FormDialog
      size={size}
      title={known === null ? t(`${noun}.add`) : t(`${noun}.edit`, { key: known.key })}
      description={t(known !== null && t.has(`${noun}.editText`) ? `${noun}.editText` : `${noun}.addText`)}
      submit={known === null ? t("register") : undefined}
      ready={ready}
      save={save}
      refreshes={[queryKey]}
      done={t("saved")}
      onClose={onClose}
    >
      {children}
    </FormDialog>
  );
}

/** Said where the stored credential does not go with what was typed: it is never sent to another place. */
export function CredentialMoved() {
  const t = useTranslations("settings");
  return <Banner kind="wait" title={t("credentialMoved")} />;
}
