"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Segmented } from "#components/ui/choice.tsx";
import { createRegistry, registriesQuery, updateRegistry } from "#lib/registries/client.ts";
import { REGISTRY_KINDS, type RegistryDto } from "#lib/registries/schema.ts";
import { NameFields, TextField } from "./server-fields.tsx";
import { CredentialMoved, ServerForm } from "./server-form.tsx";

/** Registers a registry, or changes one. A password that is typed is sent once and never shown again. */
export function RegistryForm({ known, onClose }: { known: RegistryDto | null; onClose: () => void }) {
  const t = useTranslations("settings");
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    url: known?.url ?? "",
    kind: known?.kind ?? "oci",
    username: known?.username ?? "",
    password: "",
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const { key, name, url, kind, username, password } = form;
  const moved = known !== null && url !== known.url;
  // The same account with nothing typed: what is stored stays, unless it is for another address.
  const kept = known !== null && !moved && username === (known.username ?? "") && password === "";
  const complete = kept || (username === "") === (password === "");
  const save = () => {
    if (known === null)
      return createRegistry({ key, name, url, kind, ...(username === "" ? {} : { username, password }) });
    const credential = username === "" ? null : { username, password };
    const given = kept ? {} : { credential };
    return updateRegistry(known.key, { version: known.version, name, url, kind, ...given });
  };
  return (
    <ServerForm
      noun="registry"
      known={known}
      save={save}
      queryKey={registriesQuery().queryKey}
      ready={key !== "" && name.trim() !== "" && url !== "" && complete}
      size="wide"
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NameFields known={known} form={form} set={set} />
        <TextField
          kind="code"
          label={t("registry.url")}
          placeholder="https://registry.example.com"
          className="sm:col-span-2"
          value={url}
          onChange={(value) => set({ url: value })}
        />
        <div className="flex flex-col gap-1.5 sm:col-span-2">
          <Segmented
            label={t("registry.kind")}
            value={kind}
            onChange={(next) => set({ kind: next })}
            options={REGISTRY_KINDS.map((value) => ({ value, label: t(`registry.kinds.${value}`) }))}
          />
          <p className="text-sm text-fg-3">{t(`registry.kindHint.${kind}`)}</p>
        </div>
        <TextField
          kind="code"
          label={t("registry.username")}
          hint={t("registry.usernameHint")}
          value={username}
          onChange={(value) => set({ username: value })}
        />
        <TextField
          kind="secret"
          label={t("registry.password")}
          hint={kept && username !== "" ? t("keepCredential") : undefined}
          value={password}
          onChange={(value) => set({ password: value })}
        />
      </div>
      {moved && known.username !== null && <CredentialMoved />}
    </ServerForm>
  );
}
