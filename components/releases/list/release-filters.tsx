"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/choice.tsx";
import { Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import { RELEASE_STATES } from "#lib/releases/state.ts";
import type { Filters } from "./query.ts";

export type Named = { key: string; name: string };
const ANY = "";
const TYPING_MS = 300;

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
  const [text, setText] = useState(filters.q ?? "");
  useEffect(() => {
    if (text === (filters.q ?? "")) return;
    const timer = setTimeout(() => onChange({ ...filters, q: text === "" ? undefined : text }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, filters, onChange]);
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  const chosen = Object.keys(filters).length > 0;
  return (
    <search className="flex flex-wrap items-center gap-2">
      <span className="w-56 max-sm:w-full">
        <Input
          icon={<Search aria-hidden />}
          aria-label={t("search")}
          placeholder={t("search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      <Select
        className="w-auto! min-w-36"
        label={t("project")}
        prefix={t("project")}
        value={filters.project ?? ANY}
        onChange={(project) => set({ project: project || undefined, component: undefined })}
        options={[
          { value: ANY, label: t("all") },
          ...projects.map(({ key, name }) => ({ value: key, label: name, hint: key })),
        ]}
      />
      <Select
        className="w-auto! min-w-32"
        label={t("state")}
        prefix={t("state")}
        value={filters.state ?? ANY}
        onChange={(value) => set({ state: RELEASE_STATES.find((state) => state === value) })}
        options={[
          { value: ANY, label: t("all") },
          ...RELEASE_STATES.map((state) => ({
            value: state,
            label: states(state),
            icon: <StateIcon state={state} />,
          })),
        ]}
      />
      <Select
        className="w-auto! min-w-32"
        label={t("component")}
        prefix={t("component")}
        value={filters.component ?? ANY}
        disabled={components.length === 0}
        onChange={(component) => set({ component: component || undefined })}
        options={[
          { value: ANY, label: t("all") },
          ...components.map(({ key, name }) => ({ value: key, label: key, hint: name })),
        ]}
      />
      <Checkbox
        label={t("mine")}
        checked={filters.mine === "true"}
        onChange={(mine) => set({ mine: mine ? "true" : undefined })}
      />
      {chosen && (
        <Button
          kind="quiet"
          size="small"
          onClick={() => {
            setText("");
            onChange({});
          }}
        >
          {t("clear")}
        </Button>
      )}
    </search>
  );
}
