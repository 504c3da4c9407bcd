"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Segmented, Switch } from "#components/ui/choice.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { buildServersQuery, createBuildServer, updateBuildServer } from "#lib/build-servers/client.ts";
import type { BuildServerDto } from "#lib/build-servers/schema.ts";

const KINDS = ["token", "password"] as const;
const words = (text: string) => text.split(/[\s,，]+/).filter((word) => word !== "");

/** Registers a Jenkins, or changes one. The credential is sent once and never shown again. */
export function BuildServerForm({ known, onClose }: { known: BuildServerDto | null; onClose: () => void }) {
  const t = useTranslations("buildServers");
  const settings = useTranslations("settings");
  const common = useTranslations("common");
  const client = useQueryClient();
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    url: known?.url ?? "",
    username: known?.username ?? "",
    token: "",
    jobName: known?.jobName ?? "refract-build",
    labels: known?.labels.join(" ") ?? "",
    projects: known?.projects.join(" ") ?? "",
  });
  const [credentialKind, setCredentialKind] = useState(known?.credentialKind ?? "token");
  const [disabled, setDisabled] = useState(known !== null && known.disabledAt !== null);
  const elsewhere =
    known !== null &&
    (form.url.replace(/\/+$/, "") !== known.url.replace(/\/+$/, "") ||
      form.username !== known.username ||
      credentialKind !== known.credentialKind);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const { key, token, labels, projects, ...rest } = form;
      const fields = { ...rest, credentialKind, labels: words(labels), projects: words(projects) };
      if (known === null) return createBuildServer({ ...fields, key, token });
      const given = token === "" ? {} : { token };
      return updateBuildServer(known.key, { ...fields, ...given, disabled, version: known.version });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: buildServersQuery().queryKey });
      onClose();
    },
  });
  const input = (name: keyof typeof form, mono = true) => (
    <Input
      mono={mono}
      type={name === "token" ? "password" : "text"}
      autoComplete={name === "token" ? "new-password" : "off"}
      value={form[name]}
      onChange={(event) => setForm({ ...form, [name]: event.target.value.trimStart() })}
    />
  );
  const needsToken = known === null || elsewhere;
  const filled = [form.key, form.name, form.url, form.username, form.jobName].every((text) => text !== "");
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={known === null ? settings("buildServer.add") : t("edit", { key: known.key })}
      description={settings("buildServer.addText")}
      submit={known === null ? settings("register") : common("save")}
      ready={filled && (!needsToken || form.token !== "")}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {known === null && <Field label={settings("key")}>{input("key")}</Field>}
        <Field label={settings("name")}>{input("name", false)}</Field>
        <Field label={settings("buildServer.url")}>{input("url")}</Field>
        <Field label={settings("buildServer.jobName")} hint={t("jobHint")}>
          {input("jobName")}
        </Field>
      </div>
      <Segmented
        label={t("credentialKind")}
        value={credentialKind}
        onChange={setCredentialKind}
        options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
      />
      {elsewhere && <Banner kind="wait" title={t("renewCredential")} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={settings("buildServer.username")}>{input("username")}</Field>
        <Field
          label={credentialKind === "token" ? settings("buildServer.token") : t("password")}
          hint={needsToken ? undefined : t("keepCredential")}
        >
          {input("token")}
        </Field>
        <Field label={t("labels")} hint={t("labelsHint")}>
          {input("labels")}
        </Field>
        <Field label={t("projects")} hint={t("projectsHint")}>
          {input("projects")}
        </Field>
      </div>
      {known !== null && (
        <Switch checked={disabled} label={t("disabled")} hint={t("disabledHint")} onChange={setDisabled} />
      )}
    </FormDialog>
  );
}
