"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { createSigningKey, signingKeysQuery } from "#lib/signing-keys/client.ts";
import { CodeField, NameFields } from "./server-fields.tsx";

/** What is recognised before it is sent: a private key must not travel at all. */
const PRIVATE = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Registers a public key. A private key that is pasted stays in the browser, and the form says why. */
export function SigningKeyForm({ onClose }: { onClose: () => void }) {
  const t = useTranslations("settings");
  const blockers = useTranslations("blockers");
  const [form, setForm] = useState({ key: "", name: "", publicKey: "" });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const isPrivate = PRIVATE.test(form.publicKey);
  return (
    <FormDialog
      title={t("signingKey.add")}
      description={t("signingKey.addText")}
      submit={t("register")}
      ready={form.key !== "" && form.name.trim() !== "" && form.publicKey.trim() !== "" && !isPrivate}
      save={() => createSigningKey(form)}
      refreshes={[signingKeysQuery().queryKey]}
      done={t("saved")}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NameFields known={null} form={form} set={set} />
      </div>
      <CodeField
        label={t("signingKey.publicKey")}
        hint={t("signingKey.publicKeyHint")}
        rows={6}
        placeholder="-----BEGIN PUBLIC KEY-----"
        value={form.publicKey}
        onChange={(publicKey) => set({ publicKey })}
      />
      {isPrivate && <Banner kind="bad" title={blockers("PRIVATE_KEY")} />}
    </FormDialog>
  );
}
