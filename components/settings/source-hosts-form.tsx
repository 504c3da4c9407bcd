"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { createSourceHost, sourceHostsQuery, updateSourceHost } from "#lib/source-hosts/client.ts";
import type { SourceHostDto } from "#lib/source-hosts/schema.ts";

const KINDS = ["none", "password", "ssh-key"] as const;

/** Registers a Git host, or changes one. A password or key that is typed is sent once and never shown again. */
export function SourceHostForm({ known, onClose }: { known: SourceHostDto | null; onClose: () => void }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const client = useQueryClient();
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
  const { key, name, host, kind, username, password, privateKey, knownHosts } = form;
  const moved = known !== null && host !== known.host;
  const credential = credentialOf(form);
  // The same kind with nothing typed: what is stored stays, unless it is for another host.
  const kept = known !== null && kind === known.credentialKind && (kind === "none" || credential === null);
  const complete = credential !== null || (kept && !moved);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const given = credential === null || kept ? {} : { credential };
      if (known === null) return createSourceHost({ key, name, host, ...given });
      return updateSourceHost(known.key, { version: known.version, name, host, ...given });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: sourceHostsQuery().queryKey });
      onClose();
    },
  });
  const keepHint = kept && !moved ? t("sourceHost.keepCredential") : undefined;
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={known === null ? t("sourceHost.add") : t("sourceHost.edit", { key: known.key })}
      description={t("sourceHost.addText")}
      submit={known === null ? t("register") : common("save")}
      ready={key !== "" && name.trim() !== "" && host !== "" && complete}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        {known === null && (
          <Field label={t("key")}>
            <Input mono value={key} onChange={(event) => set({ key: event.target.value.toLowerCase() })} />
          </Field>
        )}
        <Field label={t("name")}>
          <Input value={name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field label={t("sourceHost.host")} hint={t("sourceHost.hostHint")}>
          <Input
            mono
            placeholder="git.example.com:8443"
            value={host}
            onChange={(event) => set({ host: event.target.value.trim().toLowerCase() })}
          />
        </Field>
      </div>
      {moved && known.credentialKind !== "none" && <Banner kind="wait" title={t("sourceHost.hostChanged")} />}
      <Segmented
        label={t("credential")}
        value={kind}
        onChange={(next) => set({ kind: next })}
        options={KINDS.map((value) => ({ value, label: t(`sourceHost.kind.${value}`) }))}
      />
      {kind === "password" && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("sourceHost.username")}>
            <Input
              mono
              autoComplete="off"
              value={username}
              onChange={(event) => set({ username: event.target.value.trim() })}
            />
          </Field>
          <Field label={t("sourceHost.password")} hint={keepHint}>
            <Input
              mono
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => set({ password: event.target.value })}
            />
          </Field>
        </div>
      )}
      {kind === "ssh-key" && (
        <>
          <Field label={t("sourceHost.privateKey")} hint={keepHint ?? t("sourceHost.privateKeyHint")}>
            <Textarea
              mono
              rows={6}
              spellCheck={false}
              autoComplete="off"
              value={privateKey}
              onChange={(event) => set({ privateKey: event.target.value })}
            />
          </Field>
          <Field label="known_hosts" hint={t("sourceHost.knownHostsHint")}>
            <Textarea
              mono
              rows={3}
              spellCheck={false}
              value={knownHosts}
              onChange={(event) => set({ knownHosts: event.target.value })}
            />
          </Field>
        </>
      )}
    </FormDialog>
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
