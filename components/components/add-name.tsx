"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/field.tsx";

/** Takes the name of a new variable or secret; its values are typed in the row that appears. */
export function AddName({
  label,
  taken,
  onAdd,
}: {
  label: string;
  taken: readonly string[];
  onAdd: (name: string) => void;
}) {
  const t = useTranslations("components");
  const common = useTranslations("common");
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <Button
        kind="quiet"
        size="small"
        className="ml-auto"
        icon={<Plus aria-hidden />}
        onClick={() => setName("")}
      >
        {label}
      </Button>
    );
  }
  const wrong = !/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name);
  const double = taken.includes(name);
  return (
    <form
      className="ml-auto flex items-center gap-1.5 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong || double) return;
        onAdd(name);
        setName(null);
      }}
    >
      {double && <span className="text-sm text-bad">{t("nameTaken")}</span>}
      <Input
        small
        mono
        autoFocus
        className="w-52!"
        aria-label={t("nameOf")}
        placeholder="NAME"
        value={name}
        onChange={(event) => setName(event.target.value.trim())}
        onKeyDown={(event) => {
          if (event.key === "Escape") setName(null);
        }}
      />
      <Button submit size="small" disabled={wrong || double}>
        {t("addShort")}
      </Button>
      <Button kind="quiet" size="small" onClick={() => setName(null)}>
        {common("cancel")}
      </Button>
    </form>
  );
}
