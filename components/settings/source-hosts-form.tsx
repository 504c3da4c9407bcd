"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Checkbox, Segmented } from "#components/ui/choice.tsx";
import { createSourceHost, sourceHostsQuery, updateSourceHost } from "#lib/source-hosts/client.ts";
import { SOURCE_HOST_KINDS, type SourceHostDto, type SourceHostKind } from "#lib/source-hosts/schema.ts";
import { CodeField, NameFields, TextField } from "./server-fields.tsx";
import { CredentialMoved, ServerForm } from "./server-form.tsx";

const words = (text: string) => text.split(/[\s,，]+/).filter((word) => word !== "");
const KINDS = ["none", "password", "ssh-key"] as const;

/** Registers a Git host, or changes one. A password or key that is typed is sent once and never shown again. */
export function SourceHostForm({ known, onClose }: { known: SourceHostDto | null; onClose: () => void }) {
  const t = useTranslations("settings");
  const sources = useTranslations("sources.host");
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    host: known?.host ?? "",
    service: known?.kind ?? "git",
    apiUrl: known?.apiUrl ?? "",
    projects: known?.projects.join(" ") ?? "",
    kind: known?.credentialKind ?? "none",
    username: known?.username ?? "",
    password: "",
    privateKey: "",
    apiToken: "",
    dropToken: false,
    knownHosts: known?.sshKnownHosts ?? "",
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const { key, name, host, service, kind } = form;
  const apiUrl = service === "git" || form.apiUrl === "" ? null : form.apiUrl;
  const moved = known !== null && (host !== known.host || isElsewhere(apiUrl, known.apiUrl, host, kind));
  const credential = credentialOf(form);
  // The same kind with nothing typed: what is stored stays, unless it is for another host.
  const kept = known !== null && kind === known.credentialKind && (kind === "none" || credential === null);
  const complete = credential !== null || (kept && !moved);
  const save = () => {
    const given = credential === null || kept ? {} : { credential };
    const token = kind === "ssh-key" ? tokenOf(form) : {};
    const fields = { name, host, kind: service, apiUrl, projects: words(form.projects), ...given, ...token };
    if (known === null) return createSourceHost({ key, ...fields });
    return updateSourceHost(known.key, { version: known.version, ...fields });
  };
  // A token is for one API.
  const keepsToken = known?.apiToken === true && apiUrl === known.apiUrl;
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
        <div className="flex flex-col gap-1.5 sm:col-span-2">
          <Segmented
            label={sources("service")}
            value={service}
            onChange={(next) =>
              set({ service: next, apiUrl: next === known?.kind ? (known.apiUrl ?? "") : "" })
            }
            options={SOURCE_HOST_KINDS.map((value) => ({ value, label: sources(`services.${value}`) }))}
          />
          <p className="text-sm text-fg-3">{sources(`serviceHint.${service}`)}</p>
        </div>
        {service !== "git" && (
          <TextField
            kind="code"
            label={sources("apiUrl")}
            hint={sources("apiUrlHint")}
            placeholder={usualApi(service, host)}
            className="sm:col-span-2"
            value={form.apiUrl}
            onChange={(value) => set({ apiUrl: value })}
          />
        )}
        <TextField
          kind="words"
          label={sources("projects")}
          hint={sources("projectsHint")}
          className="sm:col-span-2"
          value={form.projects}
          onChange={(projects) => set({ projects })}
        />
      </div>
      {moved && known.credentialKind !== "none" && <CredentialMoved />}
      <Segmented
        label={t("credential")}
        value={kind}
        onChange={(next) => set({ kind: next })}
        options={KINDS.map((value) => ({ value, label: t(`sourceHost.choice.${value}`) }))}
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
          {apiUrl !== null && (
            <>
              <TextField
                kind="secret"
                label={sources("apiToken")}
                hint={keepsToken && !form.dropToken ? t("keepCredential") : sources("apiTokenHint")}
                value={form.apiToken}
                onChange={(apiToken) => set({ apiToken, dropToken: false })}
              />
              {keepsToken && (
                <Checkbox
                  checked={form.dropToken}
                  onChange={(dropToken) => set({ dropToken, apiToken: "" })}
                  label={sources("dropToken")}
                />
              )}
            </>
          )}
        </>
      )}
    </ServerForm>
  );
}

/** Where the API of such a server usually is. */
function usualApi(service: Exclude<SourceHostKind, "git">, host: string): string {
  const at = host === "" ? "git.example.com" : host;
  if (service === "github") return at === "github.com" ? "https://api.github.com" : `https://${at}/api/v3`;
  return `https://${at}/api/${service === "gitlab" ? "v4" : "v1"}`;
}

/** Whether an API is new and on another machine than the one that a password or token is for. */
function isElsewhere(apiUrl: string | null, known: string | null, host: string, kind: string): boolean {
  const now = apiUrl === null ? null : URL.parse(apiUrl);
  if (now === null || kind !== "password") return false;
  const before = known === null ? null : URL.parse(known);
  return now.origin !== before?.origin && now.hostname !== host.replace(/:\d+$/, "");
}

/** What becomes of the token for the API: nothing typed keeps the one that is stored, unless that is to go. */
const tokenOf = ({ apiToken, dropToken }: { apiToken: string; dropToken: boolean }) =>
  apiToken === "" ? (dropToken ? { apiToken: null } : {}) : { apiToken };

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
