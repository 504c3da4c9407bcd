"use client";

import { useTranslations } from "next-intl";
import { Checkbox } from "#components/ui/choice.tsx";
import { FilterBar, FilterSelect } from "#components/ui/filter-bar.tsx";
import { ARTIFACT_SEVERITIES } from "#lib/artifacts/schema.ts";
import type { ArtifactFilters as Filters } from "./query.ts";

export type Named = { key: string; name: string };
const named = (rows: Named[]) => rows.map(({ key, name }) => ({ value: key, label: name, hint: key }));

/** Filters of the list; each choice is a new address, so that it can be kept and sent. */
export function ArtifactFilters({
  filters,
  projects,
  components,
  bases,
  onChange,
}: {
  filters: Filters;
  projects: Named[];
  /** Those of the chosen project. */
  components: Named[];
  bases: Named[];
  onChange: (filters: Filters) => void;
}) {
  const t = useTranslations("artifacts.list");
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  const any = t("all");
  return (
    <FilterBar
      search={t("search")}
      searched={filters.q ?? ""}
      onSearch={(q) => set({ q: q || undefined })}
      clear={t("clear")}
      onClear={Object.keys(filters).length > 0 ? () => onChange({}) : null}
    >
      <FilterSelect
        label={t("project")}
        any={any}
        value={filters.project}
        options={named(projects)}
        onChange={(project) => set({ project, component: undefined })}
      />
      <FilterSelect
        label={t("component")}
        any={any}
        value={filters.component}
        options={named(components)}
        onChange={(component) => set({ component })}
      />
      <FilterSelect
        label={t("signed")}
        any={any}
        value={filters.signed}
        options={(["yes", "no"] as const).map((value) => ({ value, label: t(`signedBy.${value}`) }))}
        onChange={(signed) => set({ signed })}
      />
      <FilterSelect
        label={t("severity")}
        any={any}
        value={filters.severity}
        options={ARTIFACT_SEVERITIES.map((value) => ({ value, label: t(`worst.${value}`) }))}
        onChange={(severity) => set({ severity })}
      />
      <FilterSelect
        label={t("base")}
        any={any}
        value={filters.base}
        options={named(bases)}
        onChange={(base) => set({ base })}
      />
      <Checkbox
        label={t("behind")}
        checked={filters.behind === "true"}
        onChange={(behind) => set({ behind: behind ? "true" : undefined })}
      />
    </FilterBar>
  );
}
