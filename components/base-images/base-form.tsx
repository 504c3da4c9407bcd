"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { baseImagesQuery, createBaseImage, updateBaseImage } from "#lib/base-images/client.ts";
import type { BaseImageDto } from "#lib/base-images/schema.ts";
import { registriesQuery } from "#lib/registries/client.ts";

const NONE = "";

/** Registers a base image, or changes one; its key and registry stay. */
export function BaseForm({
  known,
  bases,
  onClose,
}: {
  known: BaseImageDto | null;
  bases: BaseImageDto[];
  onClose: () => void;
}) {
  const t = useTranslations("baseImages");
  const registries = useQuery({ ...registriesQuery(), enabled: known === null }).data?.items ?? [];
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    registry: known?.registry ?? "",
    repository: known?.repository ?? "",
    tag: known?.tag ?? "",
    parent: known?.parent ?? NONE,
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const registry = form.registry || (registries[0]?.key ?? "");
  const parent = form.parent === NONE ? null : form.parent;
  const save = () => {
    const { key, name, repository, tag } = form;
    return known === null
      ? createBaseImage({ key, name, registry, repository, tag, parent })
      : updateBaseImage(known.key, { version: known.version, name, repository, tag, parent });
  };
  const text = (name: "key" | "name" | "repository" | "tag", hint?: string, className?: string) => (
    <Field label={t(`form.${name}`)} hint={hint} className={className}>
      <Input
        mono={name !== "name"}
        autoComplete="off"
        value={form[name]}
        onChange={({ target }) =>
          set({ [name]: name === "name" ? target.value.trimStart() : target.value.trim() })
        }
      />
    </Field>
  );
  return (
    <FormDialog
      title={known === null ? t("add") : t("form.editTitle", { base: known.name })}
      description={t("form.text")}
      submit={known === null ? t("form.register") : undefined}
      ready={[form.key, form.name.trim(), registry, form.repository, form.tag].every((value) => value !== "")}
      save={save}
      refreshes={[baseImagesQuery().queryKey]}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {known === null && text("key")}
        {text("name", undefined, known === null ? undefined : "sm:col-span-2")}
        {known === null && (
          <Field label={t("form.registry")} className="sm:col-span-2">
            <Select
              value={registry}
              onChange={(value) => set({ registry: value })}
              options={registries.map(({ key, name, url }) => ({ value: key, label: name, hint: url }))}
            />
          </Field>
        )}
        {text("repository", t("form.repositoryHint"))}
        {text("tag", t("form.tagHint"))}
        <Field label={t("form.parent")} hint={t("form.parentHint")} className="sm:col-span-2">
          <Select
            value={form.parent}
            onChange={(value) => set({ parent: value })}
            options={[
              { value: NONE, label: t("public") },
              ...bases
                .filter(({ key }) => key !== known?.key)
                .map(({ key, name }) => ({ value: key, label: name, hint: key })),
            ]}
          />
        </Field>
      </div>
    </FormDialog>
  );
}
