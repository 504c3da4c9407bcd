"use client";

import { Server, Tag } from "lucide-react";
import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Select, type SelectOption } from "#components/ui/select.tsx";
import type { BuildChoiceDto } from "#lib/build-servers/schema.ts";
import type { ComponentDto } from "#lib/components/schema.ts";

type Place = Pick<ComponentDto, "buildServer" | "buildLabel">;
const SERVER = "server:";
const LABEL = "label:";
const choiceOf = ({ buildServer, buildLabel }: Place) =>
  buildLabel === "" ? `${SERVER}${buildServer}` : `${LABEL}${buildLabel}`;

/** What a choice changes of a component; nothing when it is what it was. */
export function placeChange(component: Place, value: string): Partial<Place> {
  if (value === choiceOf(component)) return {};
  if (value.startsWith(LABEL)) return { buildLabel: value.slice(LABEL.length) };
  const buildServer = value.slice(SERVER.length);
  return { buildLabel: "", ...(buildServer === component.buildServer ? {} : { buildServer }) };
}

/** Where a component is built: one server, or whichever carries a label. */
export function BuildPlace({
  component,
  choices,
  value,
  onChange,
}: {
  component: ComponentDto;
  choices: readonly BuildChoiceDto[];
  /** Null: as it is stored. */
  value: string | null;
  onChange: (value: string) => void;
}) {
  const t = useTranslations("components");
  const known = choices.map(({ key, name, disabled, open }) => ({
    value: `${SERVER}${key}`,
    label: disabled ? t("serverDisabled", { name: key }) : key,
    hint: name === key ? t("serverLoad", { count: open }) : `${name} · ${t("serverLoad", { count: open })}`,
    icon: <Server aria-hidden />,
  }));
  const labels = [...new Set(choices.flatMap((choice) => choice.labels))].sort();
  const labelled = labels.map((label) => ({
    value: `${LABEL}${label}`,
    label: t("anyWithLabel", { label }),
    hint: t("anyWithLabelHint", {
      servers: choices.flatMap((choice) => (choice.labels.includes(label) ? choice.key : [])).join(", "),
    }),
    icon: <Tag aria-hidden />,
  }));
  const stored = choiceOf(component);
  const options: SelectOption<string>[] = [...known, ...labelled];
  // A server that is no longer open to the project, or a label that none carries any more.
  if (!options.some((option) => option.value === stored)) {
    const { buildLabel, buildServer } = component;
    options.unshift({
      value: stored,
      label: buildLabel === "" ? buildServer : t("anyWithLabel", { label: buildLabel }),
    });
  }
  return (
    <Field label={t("builtOn")} hint={t("builtOnHint")} className="sm:col-span-2">
      <Select disabled={!component.mayEdit} value={value ?? stored} onChange={onChange} options={options} />
    </Field>
  );
}
