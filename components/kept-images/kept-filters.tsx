"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { KEEP_REASONS } from "#lib/kept-images/reason-schema.ts";
import { type KeptImageFilters, LABEL_STATES } from "#lib/kept-images/schema.ts";

export type Choices = {
  projects: { key: string; name: string }[];
  environments: { key: string; name: string }[];
};
const TYPING_MS = 300;

/** Filters of the list; all of them stand in the address. */
export function KeptFilters({
  filters,
  choices,
  onChange,
}: {
  filters: KeptImageFilters;
  choices: Choices;
  onChange: (part: Record<string, string>) => void;
}) {
  const t = useTranslations("keptImages");
  const given = filters.search ?? "";
  const [text, setText] = useState(given);
  useEffect(() => {
    if (text.trim() === given) return;
    const timer = setTimeout(() => onChange({ search: text.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, given, onChange]);
  const choice = (
    name: "project" | "environment" | "reason" | "label",
    options: { value: string; label: string; hint?: string }[],
  ) => (
    <Select
      className="w-auto! min-w-32 max-w-60"
      label={t(`filter.${name}`)}
      prefix={t(`filter.${name}`)}
      value={filters[name] ?? ""}
      disabled={options.length === 0}
      onChange={(value) => onChange({ [name]: value })}
      options={[{ value: "", label: t("filter.all") }, ...options]}
    />
  );
  return (
    <search className="flex flex-wrap items-center gap-2">
      <span className="w-64 max-sm:w-full">
        <Input
          icon={<Search aria-hidden />}
          aria-label={t("filter.search")}
          placeholder={t("filter.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      {choice(
        "project",
        choices.projects.map(({ key, name }) => ({ value: key, label: name, hint: key })),
      )}
      {choice(
        "environment",
        choices.environments.map(({ key, name }) => ({ value: key, label: key, hint: name })),
      )}
      {choice(
        "reason",
        KEEP_REASONS.map((value) => ({ value, label: t(`reasonName.${value}`) })),
      )}
      {choice(
        "label",
        LABEL_STATES.map((value) => ({ value, label: t(`label.${value}`) })),
      )}
      {Object.keys(filters).length > 0 && (
        <Button
          kind="quiet"
          size="small"
          onClick={() => {
            setText("");
            onChange({ search: "", project: "", environment: "", registry: "", reason: "", label: "" });
          }}
        >
          {t("filter.clear")}
        </Button>
      )}
    </search>
  );
}
