"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/choice.tsx";
import { Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { ARTIFACT_SEVERITIES } from "#lib/artifacts/schema.ts";
import type { ArtifactFilters as Filters } from "./query.ts";

export type Named = { key: string; name: string };
const ANY = "";
const TYPING_MS = 300;

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
  const [text, setText] = useState(filters.q ?? "");
  useEffect(() => {
    if (text === (filters.q ?? "")) return;
    const timer = setTimeout(() => onChange({ ...filters, q: text === "" ? undefined : text }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, filters, onChange]);
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  const choice = <Value extends string>(
    name: "project" | "component" | "signed" | "severity" | "base",
    value: Value | undefined,
    options: { value: Value; label: string; hint?: string }[],
    choose: (value: Value | undefined) => void,
  ) => (
    <Select
      className="w-auto! min-w-32 max-w-60"
      label={t(name)}
      prefix={t(name)}
      value={value ?? ANY}
      disabled={options.length === 0}
      onChange={(chosen) => choose(options.find((option) => option.value === chosen)?.value)}
      options={[{ value: ANY, label: t("all") }, ...options]}
    />
  );
  const named = (rows: Named[]) => rows.map(({ key, name }) => ({ value: key, label: name, hint: key }));
  return (
    <search className="flex flex-wrap items-center gap-2">
      <span className="w-64 max-sm:w-full">
        <Input
          icon={<Search aria-hidden />}
          aria-label={t("search")}
          placeholder={t("search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      {choice("project", filters.project, named(projects), (project) =>
        set({ project, component: undefined }),
      )}
      {choice("component", filters.component, named(components), (component) => set({ component }))}
      {choice(
        "signed",
        filters.signed,
        (["yes", "no"] as const).map((value) => ({ value, label: t(`signedBy.${value}`) })),
        (signed) => set({ signed }),
      )}
      {choice(
        "severity",
        filters.severity,
        ARTIFACT_SEVERITIES.map((value) => ({ value, label: t(`worst.${value}`) })),
        (severity) => set({ severity }),
      )}
      {choice("base", filters.base, named(bases), (base) => set({ base }))}
      <Checkbox
        label={t("behind")}
        checked={filters.behind === "true"}
        onChange={(behind) => set({ behind: behind ? "true" : undefined })}
      />
      {Object.keys(filters).length > 0 && (
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
