"use client";

import { useTranslations } from "next-intl";
import { Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { WAIT_KINDS, type Wait } from "#lib/strategies/schema.ts";
import { freshWait } from "./strategy-model.ts";

/** What is waited for: nothing, a person, a time or checks. */
export function WaitField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: Wait;
  onChange: (wait: Wait) => void;
}) {
  const t = useTranslations("strategies");
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      <Select
        small
        label={label}
        className="w-40! shrink-0"
        value={value.kind}
        onChange={(kind) => onChange(freshWait(kind))}
        options={WAIT_KINDS.map((kind) => ({ value: kind, label: t(`wait.${kind}`) }))}
      />
      {value.kind === "seconds" && (
        <span className="inline-flex items-center gap-1.5">
          <Input
            small
            mono
            className="w-20!"
            inputMode="numeric"
            aria-label={`${label} ${t("secondsOf")}`}
            value={value.seconds === 0 ? "" : String(value.seconds)}
            onChange={(event) =>
              onChange({ kind: "seconds", seconds: Number(event.target.value.replace(/\D/g, "")) })
            }
          />
          {t("seconds")}
        </span>
      )}
    </span>
  );
}
