"use client";

import { useTranslations } from "next-intl";
import { Field, Input, Textarea } from "#components/ui/field.tsx";

/**
 * How what is typed is read and shown: names keep their blanks, addresses have none, secrets are not shown; `current`
 * is the reader's own password, which the browser may fill in.
 */
const KINDS = {
  text: { mono: false, clean: (text: string) => text.trimStart() },
  words: { mono: true, clean: (text: string) => text.trimStart() },
  code: { mono: true, clean: (text: string) => text.trim() },
  key: { mono: true, clean: (text: string) => text.trim().toLowerCase() },
  number: { mono: true, clean: (text: string) => text.replace(/\D/g, "") },
  current: { mono: true, clean: (text: string) => text },
  secret: { mono: true, clean: (text: string) => text },
} as const;

const LONGEST_NAME = 80;

type Props = {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
  placeholder?: string;
};

/** One line of a form. */
export function TextField({
  kind = "text",
  label,
  hint,
  error,
  value,
  onChange,
  className,
  placeholder,
}: Props & {
  kind?: keyof typeof KINDS;
  error?: string;
}) {
  const { mono, clean } = KINDS[kind];
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      <Input
        mono={mono}
        type={kind === "secret" || kind === "current" ? "password" : "text"}
        inputMode={kind === "number" ? "numeric" : undefined}
        autoComplete={kind === "secret" ? "new-password" : kind === "current" ? "current-password" : "off"}
        placeholder={placeholder}
        maxLength={kind === "text" ? LONGEST_NAME : undefined}
        value={value}
        onChange={(event) => onChange(clean(event.target.value))}
      />
    </Field>
  );
}

/** Several lines that are code: a kubeconfig, a key. */
export function CodeField({
  label,
  hint,
  value,
  onChange,
  rows,
  className,
  placeholder,
}: Props & { rows: number }) {
  return (
    <Field label={label} hint={hint} className={className}>
      <Textarea
        mono
        rows={rows}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** What each of them is called. The key is given once and stays. */
export function NameFields({
  known,
  form,
  set,
}: {
  known: object | null;
  form: { key: string; name: string };
  set: (part: { key?: string; name?: string }) => void;
}) {
  const t = useTranslations("settings");
  return (
    <>
      {known === null && (
        <TextField kind="key" label={t("key")} value={form.key} onChange={(key) => set({ key })} />
      )}
      <TextField label={t("name")} value={form.name} onChange={(name) => set({ name })} />
    </>
  );
}
