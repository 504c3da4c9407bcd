"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Segmented } from "#components/ui/choice.tsx";
import { createSourceHost, sourceHostsQuery, updateSourceHost } from "#lib/source-hosts/client.ts";
import type { SourceHostDto } from "#lib/source-hosts/schema.ts";
import { CodeField, NameFields, TextField } from "./server-fields.tsx";
import { CredentialMoved, ServerForm } from "./server-form.tsx";

const KINDS = ["none", "password", "ssh-key"] as const;

/** Registers a Git host, or changes one. A password or key that is typed is sent once and never shown again. */
export function SourceHostForm({ known, onClose }: { known: SourceHostDto | null; onClose: () => void }) {
  const t = useTranslations("settings");
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    host: known?.host ?? "",
    kind: known?.credentialKind ?? "none",
    username: known?.username ?? "",
    password: "",
    privateKey: "",
    knownHosts: known?.sshKnownHosts ?? "",
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const { key, name, host, kind } = form;
  const moved = known !== null && host !== known.host;
  const credential = credentialOf(form);
  // The same kind with nothing typed: what is stored stays, unless it is for another host.
  const kept = known !== null && kind === known.credentialKind && (kind === "none" || credential === null);
  const complete = credential !== null || (kept && !moved);
  const save = () => {
    const given = credential === null || kept ? {} : { credential };
    if (known === null) return createSourceHost({ key, name, host, ...given });
    return updateSourceHost(known.key, { version: known.version, name, host, ...given });
  };
  const keepHint = kept && !moved ? t("keepCredential") : undefined;
  return (
    <ServerForm
      noun="sourceHost"
      known={known}
      save={save}
      queryKey={sourceHostsQuery().queryKey}
      ready={key !== "" && name.trim() !== "" && host !== "" && complete}
      size="wide"
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NameFields known={known} form={form} set={set} />
        <TextField
          kind="key"
          label={t("sourceHost.host")}
          hint={t("sourceHost.hostHint")}
          placeholder="git.example.com:8443"
          className="sm:col-span-2"
          value={host}
          onChange={(value) => set({ host: value })}
        />
      </div>
      {moved && known.credentialKind !== "none" && <CredentialMoved />}
      <Segmented
        label={t("credential")}
        value={kind}
        onChange={(next) => set({ kind: next })}
        options={KINDS.map((value) => ({ value, label: t(`sourceHost.kind.${value}`) }))}
      />
      {kind === "password" && (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            kind="code"
            label={t("sourceHost.username")}
            value={form.username}
            onChange={(username) => set({ username })}
          />
          <TextField
            kind="secret"
            label={t("sourceHost.password")}
            hint={keepHint}
            value={form.password}
            onChange={(password) => set({ password })}
          />
        </div>
      )}
      {kind === "ssh-key" && (
        <>
          <CodeField
            label={t("sourceHost.privateKey")}
            hint={keepHint ?? t("sourceHost.privateKeyHint")}
            rows={6}
            value={form.privateKey}
            onChange={(privateKey) => set({ privateKey })}
          />
          <CodeField
            label="known_hosts"
            hint={t("sourceHost.knownHostsHint")}
            rows={3}
            value={form.knownHosts}
            onChange={(knownHosts) => set({ knownHosts })}
          />
        </>
      )}
    </ServerForm>
  );
}

/** What is typed of a credential, or null when it is not all there. */
function credentialOf(form: {
  kind: (typeof KINDS)[number];
  username: string;
  password: string;
  privateKey: string;
  knownHosts: string;
}) {
  const { kind, username, password, privateKey, knownHosts } = form;
  switch (kind) {
    case "none":
      return { kind };
    case "password":
      return username === "" || password === "" ? null : { kind, username, password };
    case "ssh-key":
      return privateKey.trim() === "" || knownHosts.trim() === "" ? null : { kind, privateKey, knownHosts };
  }
}
