"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { createProject, projectQuery, updateProject } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";

/** A new project with its first owner. Admins only. */
export function CreateProjectDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("projects");
  const router = useRouter();
  const [form, setForm] = useState({ key: "", name: "", description: "", owner: "" });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  return (
    <FormDialog
      title={t("new")}
      submit={t("create")}
      ready={form.key !== "" && form.name !== "" && form.owner !== ""}
      save={() => createProject(form)}
      refreshes={[["projects"]]}
      onSaved={({ key }) => router.push(`/projects/${key}`)}
      onClose={onClose}
    >
      <Field label={t("name")}>
        <Input value={form.name} maxLength={80} onChange={(event) => set({ name: event.target.value })} />
      </Field>
      <Field label={t("key")} hint={t("keyHint")}>
        <Input
          mono
          value={form.key}
          maxLength={40}
          onChange={(event) => set({ key: event.target.value.toLowerCase() })}
        />
      </Field>
      <Field label={t("firstOwner")} hint={t("usernameHint")}>
        <Input mono value={form.owner} onChange={(event) => set({ owner: event.target.value.trim() })} />
      </Field>
      <Field label={t("description")}>
        <Textarea
          rows={3}
          value={form.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}

/** Name, description and monitoring of a project. */
export function EditProjectDialog({ project, onClose }: { project: ProjectDetailDto; onClose: () => void }) {
  const t = useTranslations("projects");
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description);
  const [prometheus, setPrometheus] = useState(project.prometheusUrl ?? "");
  const save = () =>
    updateProject(project.key, {
      version: project.version,
      name,
      description,
      prometheusUrl: prometheus === "" ? null : prometheus,
    });
  return (
    <FormDialog
      title={t("editProject")}
      ready={name.trim() !== ""}
      save={save}
      answers={projectQuery(project.key).queryKey}
      done={t("saved")}
      onClose={onClose}
    >
      <Field label={t("name")}>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t("description")}>
        <Textarea rows={3} value={description} onChange={(event) => setDescription(event.target.value)} />
      </Field>
      <Field label={t("prometheus")} hint={t("prometheusHint")}>
        <Input
          mono
          type="url"
          placeholder="https://prometheus.example.com"
          value={prometheus}
          maxLength={500}
          onChange={(event) => setPrometheus(event.target.value.trim())}
        />
      </Field>
    </FormDialog>
  );
}
