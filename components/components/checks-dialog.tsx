"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { projectQuery } from "#lib/projects/client.ts";
import { SMOKE_CHECK_KINDS, type SmokeCheck } from "#lib/strategies/schema.ts";
import { CheckFields } from "./check-fields.tsx";
import { type CheckFault, faultsOf, freshCheck, MAX_CHECKS } from "./checks-model.ts";

type Row = { id: number; check: SmokeCheck };

/** The smoke checks of a component in an environment. */
export function ChecksDialog({
  project,
  environment,
  value,
  onClose,
  onTake,
}: {
  project: string;
  environment: string;
  value: readonly SmokeCheck[];
  onClose: () => void;
  onTake: (checks: SmokeCheck[]) => void;
}) {
  const t = useTranslations("strategies.checks");
  const strategies = useTranslations("strategies");
  const common = useTranslations("common");
  const { data } = useQuery(projectQuery(project));
  const [rows, setRows] = useState<Row[]>(value.map((check, id) => ({ id, check })));
  const [next, setNext] = useState(value.length);
  const checks = rows.map(({ check }) => check);
  const faults = faultsOf(checks);
  const asksMetrics = checks.some(({ kind }) => kind === "prometheus");
  return (
    <Dialog
      open
      size="wide"
      onOpenChange={onClose}
      title={t("editOf", { environment })}
      description={t("description")}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button
            kind="primary"
            disabled={faults.some((fault) => fault !== null)}
            onClick={() => onTake(checks.map((check) => ({ ...check, name: check.name.trim() })))}
          >
            {strategies("take")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {asksMetrics && data !== undefined && data.prometheusUrl === null && (
          <Banner kind="wait" title={t("noPrometheus")}>
            {t("noPrometheusText")}{" "}
            <Link href={`/projects/${project}`} className="text-accent hover:underline">
              {t("noPrometheusLink")}
            </Link>
          </Banner>
        )}
        {rows.length === 0 && <p className="text-fg-3">{t("none")}</p>}
        {rows.map(({ id, check }, index) => (
          <CheckRow
            key={id}
            check={check}
            fault={faults[index] ?? null}
            onChange={(changed) => setRows(rows.map((row) => (row.id === id ? { id, check: changed } : row)))}
            onRemove={() => setRows(rows.filter((row) => row.id !== id))}
          />
        ))}
        <Button
          size="small"
          className="self-start"
          icon={<Plus aria-hidden />}
          disabled={rows.length >= MAX_CHECKS}
          onClick={() => {
            setRows([...rows, { id: next, check: freshCheck("http") }]);
            setNext(next + 1);
          }}
        >
          {t("add")}
        </Button>
      </div>
    </Dialog>
  );
}

function CheckRow({
  check,
  fault,
  onChange,
  onRemove,
}: {
  check: SmokeCheck;
  fault: CheckFault | null;
  onChange: (check: SmokeCheck) => void;
  onRemove: () => void;
}) {
  const t = useTranslations("strategies.checks");
  const name = check.name === "" ? t("unnamed") : check.name;
  return (
    <fieldset aria-label={name} className="flex flex-col gap-3 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t("name")} className="min-w-40 flex-1">
          <Input
            value={check.name}
            maxLength={60}
            onChange={(event) => onChange({ ...check, name: event.target.value })}
          />
        </Field>
        <Segmented
          label={`${name} ${t("title")}`}
          value={check.kind}
          onChange={(kind) => onChange(freshCheck(kind, check.name))}
          options={SMOKE_CHECK_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <IconButton label={t("remove", { name })} icon={<X aria-hidden />} onClick={onRemove} />
      </div>
      <p className="text-sm text-fg-3">{t(`explain.${check.kind}`)}</p>
      <CheckFields key={check.kind} check={check} onChange={onChange} />
      {fault !== null && (
        <p role="alert" className="text-sm text-bad">
          {t(`wrong.${fault}`)}
        </p>
      )}
    </fieldset>
  );
}
