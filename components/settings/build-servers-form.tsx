"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Segmented, Switch } from "#components/ui/choice.tsx";
import { buildServersQuery, createBuildServer, updateBuildServer } from "#lib/build-servers/client.ts";
import type { BuildServerDto } from "#lib/build-servers/schema.ts";
import { NameFields, TextField } from "./server-fields.tsx";
import { CredentialMoved, ServerForm } from "./server-form.tsx";

const KINDS = ["token", "password"] as const;
const words = (text: string) => text.split(/[\s,，]+/).filter((word) => word !== "");
const bare = (url: string) => url.replace(/\/+$/, "");

/** Registers a Jenkins, or changes one. The credential is sent once and never shown again. */
export function BuildServerForm({ known, onClose }: { known: BuildServerDto | null; onClose: () => void }) {
  const t = useTranslations("buildServers");
  const settings = useTranslations("settings");
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    url: known?.url ?? "",
    username: known?.username ?? "",
    credentialKind: known?.credentialKind ?? "token",
    token: "",
    jobName: known?.jobName ?? "refract-build",
    labels: known?.labels.join(" ") ?? "",
    projects: known?.projects.join(" ") ?? "",
    disabled: known !== null && known.disabledAt !== null,
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const moved =
    known !== null &&
    (bare(form.url) !== bare(known.url) ||
      form.username !== known.username ||
      form.credentialKind !== known.credentialKind);
  const save = () => {
    const { key, token, disabled, ...rest } = form;
    const fields = { ...rest, labels: words(form.labels), projects: words(form.projects) };
    if (known === null) return createBuildServer({ ...fields, key, token });
    const given = token === "" ? {} : { token };
    return updateBuildServer(known.key, { ...fields, ...given, disabled, version: known.version });
  };
  const needsToken = known === null || moved;
  const filled = [form.key, form.name, form.url, form.username, form.jobName].every((text) => text !== "");
  return (
    <ServerForm
      noun="buildServer"
      known={known}
      save={save}
      queryKey={buildServersQuery().queryKey}
      ready={filled && (!needsToken || form.token !== "")}
      size="wide"
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NameFields known={known} form={form} set={set} />
        <TextField
          kind="code"
          label={settings("buildServer.url")}
          placeholder="https://jenkins.example.com"
          value={form.url}
          onChange={(url) => set({ url })}
        />
        <TextField
          kind="words"
          label={settings("buildServer.jobName")}
          hint={t("jobHint")}
          value={form.jobName}
          onChange={(jobName) => set({ jobName })}
        />
      </div>
      <Segmented
        label={t("credentialKind")}
        value={form.credentialKind}
        onChange={(credentialKind) => set({ credentialKind })}
        options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
      />
      {moved && <CredentialMoved />}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          kind="code"
          label={settings("buildServer.username")}
          value={form.username}
          onChange={(username) => set({ username })}
        />
        <TextField
          kind="secret"
          label={form.credentialKind === "token" ? settings("buildServer.token") : t("password")}
          hint={needsToken ? undefined : settings("keepCredential")}
          value={form.token}
          onChange={(token) => set({ token })}
        />
        <TextField
          kind="words"
          label={t("labels")}
          hint={t("labelsHint")}
          value={form.labels}
          onChange={(labels) => set({ labels })}
        />
        <TextField
          kind="words"
          label={t("projects")}
          hint={t("projectsHint")}
          value={form.projects}
          onChange={(projects) => set({ projects })}
        />
      </div>
      {known !== null && (
        <Switch
          checked={form.disabled}
          label={t("disabled")}
          hint={t("disabledHint")}
          onChange={(disabled) => set({ disabled })}
        />
      )}
    </ServerForm>
  );
}
