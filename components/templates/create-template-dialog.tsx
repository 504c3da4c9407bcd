"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { componentsQuery } from "#lib/components/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { createTemplate, templateQuery } from "#lib/templates/client.ts";
import type { TemplateSummaryDto } from "#lib/templates/schema.ts";

const EVERY = "";

/** A new template of the project or of one component, with the text of an existing one to begin with. */
export function CreateTemplateDialog({
  open,
  onClose,
  project,
  environments,
  templates,
}: {
  open: boolean;
  onClose: () => void;
  project: string;
  environments: { key: string; name: string }[];
  templates: TemplateSummaryDto[];
}) {
  const t = useTranslations("templates.create");
  const router = useRouter();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [environment, setEnvironment] = useState<string | null>(environments[0]?.key ?? null);
  const [component, setComponent] = useState<string>(EVERY);
  const [from, setFrom] = useState<string | null>(templates[0]?.id ?? null);
  const { data: components } = useQuery({ ...componentsQuery(project), enabled: open });
  const source = from ?? templates[0]?.id ?? null;
  const create = useMutation({
    mutationFn: async () => {
      if (source === null || environment === null) throw new Error("nothing to begin with");
      const { body } = await client.fetchQuery(templateQuery(source));
      return createTemplate({
        name: name.trim(),
        environment,
        project,
        ...(component === EVERY ? {} : { component }),
        body,
        comment: "",
      });
    },
    onSuccess: (template) => {
      void client.invalidateQueries({ queryKey: ["templates"] });
      router.push(`/templates/${template.id}?project=${project}`);
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        create.reset();
        onClose();
      }}
      title={t("title")}
      confirm={t("confirm")}
      busy={create.isPending}
      problem={problemOf(create.error)}
      onConfirm={() => name.trim() !== "" && source !== null && environment !== null && create.mutate()}
      what={
        <div className="flex flex-col gap-3">
          <p>{t("what")}</p>
          <Field label={t("name")}>
            <Input value={name} required maxLength={60} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label={t("environment")}>
            <Select
              value={environment}
              onChange={setEnvironment}
              options={environments.map(({ key, name: hint }) => ({ value: key, label: key, hint }))}
            />
          </Field>
          <Field label={t("for")}>
            <Select
              value={component}
              onChange={setComponent}
              options={[
                { value: EVERY, label: t("everyComponent") },
                ...(components?.items ?? []).map(({ key, name: hint }) => ({ value: key, label: key, hint })),
              ]}
            />
          </Field>
          <Field label={t("from")}>
            <Select
              value={source}
              onChange={setFrom}
              placeholder={t("nothingToCopy")}
              options={templates.map((template) => ({
                value: template.id,
                label: `${template.name} · ${template.environment}`,
                hint: `v${template.version}`,
              }))}
            />
          </Field>
        </div>
      }
    />
  );
}
