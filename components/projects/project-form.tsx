"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { createProject, projectQuery, updateProject } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { FormDialog } from "./form-dialog.tsx";

/** A new project with its first owner. Admins only. */
export function CreateProjectDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("projects");
  const router = useRouter();
  const client = useQueryClient();
  const [form, setForm] = useState({ key: "", name: "", description: "", owner: "" });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => createProject(form),
    onSuccess: (project) => {
      void client.invalidateQueries({ queryKey: ["projects"] });
      router.push(`/projects/${project.key}`);
    },
  });
  return (
    <FormDialog
      {...props}
      title={t("new")}
      submit={t("create")}
      ready={form.key !== "" && form.name !== "" && form.owner !== ""}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
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
export function EditProjectDialog({
  project,
  ...props
}: {
  project: ProjectDetailDto;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("projects");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description);
  const [prometheus, setPrometheus] = useState(project.prometheusUrl ?? "");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      updateProject(project.key, {
        version: project.version,
        name,
        description,
        prometheusUrl: prometheus === "" ? null : prometheus,
      }),
    onSuccess: (changed) => {
      client.setQueryData(projectQuery(project.key).queryKey, changed);
      toast.done(t("saved"));
      props.onOpenChange(false);
    },
  });
  return (
    <FormDialog
      {...props}
      title={t("editProject")}
      submit={common("save")}
      ready={name.trim() !== ""}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
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
