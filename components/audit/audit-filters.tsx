"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { FilterBar, FilterSelect } from "#components/ui/filter-bar.tsx";
import type { AuditFilters } from "#lib/audit/client.ts";
import { AUDIT_NOUNS, asMessageKey } from "./nouns.ts";

const TYPING_MS = 350;
type Named = { key: string; name: string };

/** Who, what, about what, in which project, when. All of it stands in the address. */
export function AuditFilterBar({
  filters,
  projects,
  onChange,
}: {
  filters: AuditFilters;
  projects: Named[];
  onChange: (part: Record<string, string>) => void;
}) {
  const t = useTranslations("audit");
  const set =
    (name: keyof AuditFilters) =>
    (value = "") =>
      onChange({ [name]: value });
  const { action } = filters;
  const nouns = AUDIT_NOUNS.map((noun) => ({
    value: noun,
    label: t(`noun.${asMessageKey(noun)}`),
    hint: noun,
  }));
  // An address may name one action; a list of all of them would be too long to choose from.
  const one =
    action === undefined || nouns.some(({ value }) => value === action)
      ? []
      : [
          {
            value: action,
            label: t.has(`action.${asMessageKey(action)}`) ? t(`action.${asMessageKey(action)}`) : action,
          },
        ];
  const used = Object.values(filters).some(Boolean);
  return (
    <FilterBar
      search={t("filter.subjectId")}
      searched={filters.subjectId ?? ""}
      onSearch={set("subjectId")}
      clear={t("clear")}
      onClear={
        used
          ? () => onChange({ actor: "", project: "", action: "", subjectId: "", from: "", until: "" })
          : null
      }
    >
      <Prefixed label={t("who")}>
        <LateInput
          label={t("who")}
          placeholder={t("filter.actor")}
          value={filters.actor ?? ""}
          onCommit={set("actor")}
        />
      </Prefixed>
      <FilterSelect<string>
        label={t("what")}
        any={t("filter.any")}
        value={action}
        options={[...one, ...nouns]}
        onChange={set("action")}
      />
      <FilterSelect<string>
        label={t("project")}
        any={t("filter.any")}
        value={filters.project}
        options={projects.map(({ key, name }) => ({ value: key, label: name, hint: key }))}
        onChange={set("project")}
      />
      <Days filters={filters} onChange={onChange} />
    </FilterBar>
  );
}

/** A field that says before it what it holds, as the choices beside it do. */
function Prefixed({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="input w-auto!">
      <span aria-hidden className="text-fg-3 whitespace-nowrap">
        {label}
      </span>
      {children}
    </span>
  );
}

/** Changes the address when the reader pauses, not with every letter; a link that changes the address has the last word. */
function LateInput({
  label,
  placeholder,
  value,
  onCommit,
}: {
  label: string;
  placeholder: string;
  value: string;
  onCommit: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onCommit(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onCommit]);
  return (
    <input
      className="w-28 bg-transparent font-mono text-sm outline-none"
      aria-label={label}
      placeholder={placeholder}
      autoComplete="off"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

const dayOf = (iso: string | undefined) => iso?.slice(0, 10) ?? "";

/** From the start of one day to the end of another, in the reader's zone. */
function Days({
  filters,
  onChange,
}: {
  filters: AuditFilters;
  onChange: (part: Record<string, string>) => void;
}) {
  const t = useTranslations("audit");
  const [zone, setZone] = useState("+00:00");
  useEffect(() => {
    const minutes = -new Date().getTimezoneOffset();
    const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
    setZone(`${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`);
  }, []);
  const ends = { from: "00:00:00", until: "23:59:59" } as const;
  return (
    <span className="flex items-center gap-2">
      {(["from", "until"] as const).map((name) => (
        <Prefixed key={name} label={t(`filter.${name}`)}>
          <input
            type="date"
            className="bg-transparent outline-none"
            aria-label={t(`filter.${name}Day`)}
            value={dayOf(filters[name])}
            onChange={({ target }) =>
              onChange({ [name]: target.value === "" ? "" : `${target.value}T${ends[name]}${zone}` })
            }
          />
        </Prefixed>
      ))}
    </span>
  );
}
