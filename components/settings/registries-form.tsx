"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { createRegistry, registriesQuery, updateRegistry } from "#lib/registries/client.ts";
import type { RegistryDto } from "#lib/registries/schema.ts";

/** Registers a registry, or changes one. A password that is typed is sent once and never shown again. */
export function RegistryForm({ known, onClose }: { known: RegistryDto | null; onClose: () => void }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const client = useQueryClient();
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    url: known?.url ?? "",
    username: known?.username ?? "",
    password: "",
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const { key, name, url, username, password } = form;
  const moved = known !== null && url !== known.url;
  // The same account with nothing typed: what is stored stays, unless it is for another address.
  const kept = known !== null && !moved && username === (known.username ?? "") && password === "";
  const complete = kept || (username === "") === (password === "");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      if (known === null)
        return createRegistry({ key, name, url, ...(username === "" ? {} : { username, password }) });
      const credential = username === "" ? null : { username, password };
      const given = kept ? {} : { credential };
      return updateRegistry(known.key, { version: known.version, name, url, ...given });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: registriesQuery().queryKey });
      onClose();
    },
  });
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={known === null ? t("registry.add") : t("registry.edit", { key: known.key })}
      description={t("registry.addText")}
      submit={known === null ? t("register") : common("save")}
      ready={key !== "" && name.trim() !== "" && url !== "" && complete}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {known === null && (
          <Field label={t("key")}>
            <Input mono value={key} onChange={(event) => set({ key: event.target.value.trim() })} />
          </Field>
        )}
        <Field label={t("name")}>
          <Input value={name} onChange={(event) => set({ name: event.target.value.trimStart() })} />
        </Field>
        <Field label={t("registry.url")} className="sm:col-span-2">
          <Input
            mono
            autoComplete="off"
            value={url}
            onChange={(event) => set({ url: event.target.value.trim() })}
          />
        </Field>
        <Field label={t("registry.username")}>
          <Input
            mono
            autoComplete="off"
            value={username}
            onChange={(event) => set({ username: event.target.value.trim() })}
          />
        </Field>
        <Field
          label={t("registry.password")}
          hint={kept && username !== "" ? t("registry.keepPassword") : undefined}
        >
          <Input
            mono
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => set({ password: event.target.value })}
          />
        </Field>
      </div>
      {moved && known.username !== null && <Banner kind="wait" title={t("registry.urlChanged")} />}
    </FormDialog>
  );
}
