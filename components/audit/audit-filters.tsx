"use client";

import { Search, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/field.tsx";
import type { AuditFilters } from "#lib/audit/client.ts";

/** A field that changes the address when the reader pauses, not with every letter. */
function LateInput({
  value,
  onCommit,
  ...rest
}: Omit<ComponentProps<typeof Input>, "value" | "onChange"> & {
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
    const timer = setTimeout(() => onCommit(typed.trim()), 350);
    return () => clearTimeout(timer);
  }, [typed, value, onCommit]);
  return <Input {...rest} small value={typed} onChange={(event) => setTyped(event.target.value)} />;
}

const dayOf = (iso: string | undefined) => iso?.slice(0, 10) ?? "";

/** Who, what, about what, in which project, when. All of it stands in the address. */
export function AuditFilterBar({
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
  const set = (name: string) => (value: string) => onChange({ [name]: value });
  const used = Object.values(filters).some(Boolean);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2">
      <LateInput
        icon={<Search aria-hidden />}
        className="w-40!"
        aria-label={t("filter.actor")}
        placeholder={t("filter.actor")}
        value={filters.actor ?? ""}
        onCommit={set("actor")}
      />
      <LateInput
        className="w-36!"
        aria-label={t("filter.project")}
        placeholder={t("filter.project")}
        value={filters.project ?? ""}
        onCommit={set("project")}
      />
      <LateInput
        className="w-44!"
        list="audit-actions"
        aria-label={t("filter.action")}
        placeholder={t("filter.action")}
        value={filters.action ?? ""}
        onCommit={set("action")}
      />
      <datalist id="audit-actions">
        {[
          "release",
          "build",
          "stage",
          "plan",
          "deployment",
          "component",
          "member",
          "grant",
          "user",
          "session",
        ].map((noun) => (
          <option key={noun} value={noun} />
        ))}
      </datalist>
      <LateInput
        className="w-52!"
        aria-label={t("filter.subjectId")}
        placeholder={t("filter.subjectId")}
        value={filters.subjectId ?? ""}
        onCommit={set("subjectId")}
      />
      <Input
        small
        type="date"
        className="w-36!"
        aria-label={t("filter.from")}
        title={t("filter.from")}
        value={dayOf(filters.from)}
        onChange={({ target }) =>
          onChange({ from: target.value === "" ? "" : `${target.value}T00:00:00${zone}` })
        }
      />
      <span className="text-fg-3">–</span>
      <Input
        small
        type="date"
        className="w-36!"
        aria-label={t("filter.until")}
        title={t("filter.until")}
        value={dayOf(filters.until)}
        onChange={({ target }) =>
          onChange({ until: target.value === "" ? "" : `${target.value}T23:59:59${zone}` })
        }
      />
      {used && (
        <Button
          kind="quiet"
          size="small"
          icon={<X aria-hidden />}
          onClick={() => onChange({ actor: "", project: "", action: "", subjectId: "", from: "", until: "" })}
        >
          {t("clear")}
        </Button>
      )}
    </div>
  );
}
