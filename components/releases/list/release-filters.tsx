"use client";

import { useTranslations } from "next-intl";
import { Checkbox } from "#components/ui/choice.tsx";
import { FilterBar, FilterSelect } from "#components/ui/filter-bar.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import { SHOWN_STATES } from "#lib/releases/shown-state.ts";
import type { Filters } from "./query.ts";

export type Named = { key: string; name: string };

/** Filters of the list; each choice is a new address, so that it can be kept and sent. */
export function ReleaseFilters({
  filters,
  projects,
  components,
  onChange,
}: {
  filters: Filters;
  projects: Named[];
  /** Those of the chosen project. */
  components: Named[];
  onChange: (filters: Filters) => void;
}) {
  const t = useTranslations("releases.list");
  const states = useTranslations("states");
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
        options={projects.map(({ key, name }) => ({ value: key, label: name, hint: key }))}
        onChange={(project) => set({ project, component: undefined })}
      />
      <FilterSelect
        label={t("state")}
        any={any}
        value={filters.state}
        options={SHOWN_STATES.map((value) => ({
          value,
          label: states(value),
          icon: <StateIcon state={value} />,
        }))}
        onChange={(state) => set({ state })}
      />
      <FilterSelect
        label={t("component")}
        any={any}
        value={filters.component}
        options={components.map(({ key, name }) => ({ value: key, label: key, hint: name }))}
        onChange={(component) => set({ component })}
      />
      <Checkbox
        label={t("mine")}
        checked={filters.mine === "true"}
        onChange={(mine) => set({ mine: mine ? "true" : undefined })}
      />
    </FilterBar>
  );
}
