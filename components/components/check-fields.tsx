"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { COMPARISONS, type SmokeCheck } from "#lib/strategies/schema.ts";
import { commandOf } from "./checks-model.ts";

type Of<Kind extends SmokeCheck["kind"]> = Extract<SmokeCheck, { kind: Kind }>;
type Props<Kind extends SmokeCheck["kind"]> = { check: Of<Kind>; onChange: (check: Of<Kind>) => void };
const digits = (text: string) => Number(text.replace(/\D/g, "").slice(0, 6));
const filled = (text: string) => (text.trim() === "" ? undefined : text.trim());

/** The fields of one smoke check, by its kind. */
export function CheckFields({
  check,
  onChange,
}: {
  check: SmokeCheck;
  onChange: (check: SmokeCheck) => void;
}) {
  const fields =
    check.kind === "http" ? (
      <HttpFields check={check} onChange={onChange} />
    ) : check.kind === "job" ? (
      <JobFields check={check} onChange={onChange} />
    ) : (
      <PrometheusFields check={check} onChange={onChange} />
    );
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {fields}
      <Timeout
        value={check.timeoutSeconds}
        onChange={(timeoutSeconds) => onChange({ ...check, timeoutSeconds })}
      />
    </div>
  );
}

function Timeout({ value, onChange }: { value: number; onChange: (seconds: number) => void }) {
  const t = useTranslations("strategies.checks");
  return (
    <Field label={t("timeout")} hint={t("timeoutHint")}>
      <NumberInput value={value} onChange={onChange} />
    </Field>
  );
}

function NumberInput({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  return (
    <Input
      mono
      inputMode="numeric"
      value={value === 0 ? "" : String(value)}
      onChange={(event) => onChange(digits(event.target.value))}
    />
  );
}

function HttpFields({ check, onChange }: Props<"http">) {
  const t = useTranslations("strategies.checks");
  const optional = (name: "service" | "port" | "contains", hint: ReactNode) => (
    <Field label={t(name)} hint={hint}>
      <Input
        mono
        value={check[name] ?? ""}
        onChange={(event) => onChange({ ...check, [name]: filled(event.target.value) })}
      />
    </Field>
  );
  return (
    <>
      <Field label={t("path")}>
        <Input
          mono
          value={check.path}
          onChange={(event) => onChange({ ...check, path: event.target.value.trim() })}
        />
      </Field>
      <Field label={t("status")}>
        <NumberInput
          value={check.expectStatus}
          onChange={(expectStatus) => onChange({ ...check, expectStatus })}
        />
      </Field>
      {optional("service", t("serviceHint"))}
      {optional("port", t("portHint"))}
      {optional("contains", t("containsHint"))}
    </>
  );
}

function JobFields({ check, onChange }: Props<"job">) {
  const t = useTranslations("strategies.checks");
  // What is typed is kept as it is: an empty line is no argument, but it may become one.
  const [text, setText] = useState(check.command.join("\n"));
  return (
    <Field label={t("command")} hint={t("commandHint")} className="sm:col-span-2">
      <Textarea
        mono
        rows={3}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onChange({ ...check, command: commandOf(event.target.value) });
        }}
      />
    </Field>
  );
}

function PrometheusFields({ check, onChange }: Props<"prometheus">) {
  const t = useTranslations("strategies.checks");
  const [threshold, setThreshold] = useState(String(check.threshold));
  return (
    <>
      <Field label={t("query")} hint={t("queryHint")} className="sm:col-span-2">
        <Textarea
          mono
          rows={2}
          value={check.query}
          onChange={(event) => onChange({ ...check, query: event.target.value })}
        />
      </Field>
      <div className="flex gap-3">
        <Field label={t("comparison")} className="w-24">
          <Select
            value={check.comparison}
            onChange={(comparison) => onChange({ ...check, comparison })}
            options={COMPARISONS.map((sign) => ({ value: sign, label: sign }))}
          />
        </Field>
        <Field label={t("threshold")} className="flex-1">
          <Input
            mono
            inputMode="decimal"
            value={threshold}
            onChange={(event) => {
              const typed = event.target.value.trim();
              setThreshold(typed);
              onChange({ ...check, threshold: typed === "" ? Number.NaN : Number(typed) });
            }}
          />
        </Field>
      </div>
    </>
  );
}
