"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { createComponent } from "#lib/components/client.ts";
import { COMPONENT_KINDS } from "#lib/components/schema.ts";

type Kind = (typeof COMPONENT_KINDS)[number];

/** A new component: what it is and where its source is; how it is built is set on its page. */
export function CreateComponentDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const t = useTranslations("projects");
  const router = useRouter();
  const [kind, setKind] = useState<Kind>("service");
  const [form, setForm] = useState({ key: "", name: "", gitUrl: "", defaultRef: "main", port: "8080" });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  return (
    <FormDialog
      title={t("addComponent")}
      description={t("addComponentText")}
      submit={t("add")}
      ready={form.key !== "" && form.name !== "" && form.gitUrl !== ""}
      save={() => createComponent(project, { ...form, kind, port: Number(form.port) })}
      refreshes={[["components", project]]}
      onSaved={({ key }) => router.push(`/projects/${project}/components/${key}?tab=build`)}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("key")} hint={t("componentKeyHint")}>
          <Input
            mono
            value={form.key}
            maxLength={40}
            onChange={(event) => set({ key: event.target.value.toLowerCase() })}
          />
        </Field>
        <Field label={t("name")}>
          <Input value={form.name} maxLength={80} onChange={(event) => set({ name: event.target.value })} />
        </Field>
      </div>
      <Field label={t("repository")} hint={t("repositoryHint")}>
        <Input mono value={form.gitUrl} onChange={(event) => set({ gitUrl: event.target.value.trim() })} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t("kind")}>
          <Select
            value={kind}
            onChange={setKind}
            options={COMPONENT_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          />
        </Field>
        <Field label={t("defaultRef")}>
          <Input
            mono
            value={form.defaultRef}
            onChange={(event) => set({ defaultRef: event.target.value.trim() })}
          />
        </Field>
        <Field label={t("port")}>
          <Input
            mono
            inputMode="numeric"
            value={form.port}
            onChange={(event) => set({ port: event.target.value.replace(/\D/g, "") })}
          />
        </Field>
      </div>
    </FormDialog>
  );
}
