"use client";

import { useTranslations } from "next-intl";
import { FilterBar, FilterSelect } from "#components/ui/filter-bar.tsx";
import { KEEP_REASONS } from "#lib/kept-images/reason-schema.ts";
import { type KeptImageFilters, LABEL_STATES } from "#lib/kept-images/schema.ts";

export type Choices = {
  projects: { key: string; name: string }[];
  environments: { key: string; name: string }[];
};
const NONE = { search: "", project: "", environment: "", registry: "", reason: "", label: "" };

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
  const choice = (
    name: "project" | "environment" | "reason" | "label",
    options: { value: string; label: string; hint?: string }[],
  ) => (
    <FilterSelect
      label={t(`filter.${name}`)}
      any={t("filter.all")}
      value={filters[name]}
      options={options}
      onChange={(value = "") => onChange({ [name]: value })}
    />
  );
  return (
    <FilterBar
      search={t("filter.search")}
      searched={filters.search ?? ""}
      onSearch={(search) => onChange({ search })}
      clear={t("filter.clear")}
      onClear={Object.keys(filters).length > 0 ? () => onChange(NONE) : null}
    >
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
    </FilterBar>
  );
}
