"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { ChoiceCards, Switch } from "#components/ui/choice.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { createEnvironment, environmentsQuery, updateEnvironment } from "#lib/environments/client.ts";
import {
  ENVIRONMENT_KINDS,
  type EnvironmentDto,
  FAILURE_POLICIES,
  WAVE_GATES,
} from "#lib/environments/schema.ts";
import { registriesQuery } from "#lib/registries/client.ts";
import { TextField } from "./server-fields.tsx";

const NUMBERS = ["approvalsRequired", "approvalMinutes", "observeSeconds"] as const;
const WAVE_NUMBERS = ["wavePauseSeconds", "maxFailedTargets"] as const;

/** Makes an environment or changes its rules. */
export function EnvironmentForm({
  known,
  nextRank,
  onClose,
}: {
  /** Null: a new one. */
  known: EnvironmentDto | null;
  nextRank: number;
  onClose: () => void;
}) {
  const t = useTranslations("settings");
  const { data: registries } = useQuery(registriesQuery());
  const [own, setOwn] = useState<{ key: string; rank: string; kind: (typeof ENVIRONMENT_KINDS)[number] }>({
    key: "",
    rank: String(nextRank),
    kind: "controlled",
  });
  const [form, setForm] = useState({
    name: known?.name ?? "",
    fourEyes: known?.fourEyes ?? true,
    waveGate: known?.waveGate ?? "auto",
    onFailure: known?.onFailure ?? "stop",
    registry: known?.registry ?? "",
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const [numbers, setNumbers] = useState({
    approvalsRequired: String(known?.approvalsRequired ?? 1),
    approvalMinutes: String(known?.approvalMinutes ?? 1440),
    observeSeconds: String(known?.observeSeconds ?? 0),
    wavePauseSeconds: String(known?.wavePauseSeconds ?? 0),
    maxFailedTargets: String(known?.maxFailedTargets ?? 0),
    keptDeployments: String(known?.keptDeployments ?? 5),
  });
  const save = () => {
    const policy = {
      ...form,
      registry: form.registry === "" ? null : form.registry,
      approvalsRequired: Number(numbers.approvalsRequired),
      approvalMinutes: Number(numbers.approvalMinutes),
      observeSeconds: Number(numbers.observeSeconds),
      wavePauseSeconds: Number(numbers.wavePauseSeconds),
      maxFailedTargets: Number(numbers.maxFailedTargets),
      keptDeployments: Number(numbers.keptDeployments),
    };
    return known === null
      ? createEnvironment({ ...own, rank: Number(own.rank), ...policy })
      : updateEnvironment(known.key, { version: known.version, ...policy });
  };
  const numeral = (field: keyof typeof numbers, hint?: string) => (
    <TextField
      key={field}
      kind="number"
      label={t(`environment.${field}`)}
      hint={hint}
      value={numbers[field]}
      onChange={(value) => setNumbers({ ...numbers, [field]: value })}
    />
  );
  return (
    <FormDialog
      title={known === null ? t("environment.add") : t("environment.edit", { key: known.key })}
      description={t("environment.text")}
      ready={form.name.trim() !== "" && (known !== null || own.key.length >= 2)}
      save={save}
      refreshes={[environmentsQuery().queryKey]}
      done={t("saved")}
      onClose={onClose}
    >
      {known === null && (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              kind="code"
              label={t("key")}
              hint={t("environment.keyHint")}
              value={own.key}
              onChange={(key) => setOwn({ ...own, key: key.toUpperCase() })}
            />
            <TextField
              kind="number"
              label={t("environment.rank")}
              hint={t("environment.rankHint")}
              value={own.rank}
              onChange={(rank) => setOwn({ ...own, rank })}
            />
          </div>
          <ChoiceCards
            label={t("environment.kind")}
            value={own.kind}
            onChange={(kind) => setOwn({ ...own, kind })}
            options={ENVIRONMENT_KINDS.map((value) => ({
              value,
              label: t(`environment.kinds.${value}`),
              hint: t(`environment.kindHints.${value}`),
            }))}
          />
        </>
      )}
      <TextField label={t("name")} value={form.name} onChange={(name) => set({ name })} />
      <div className="grid gap-4 sm:grid-cols-3">{NUMBERS.map((field) => numeral(field))}</div>
      <Field label={t("environment.registry")} hint={t("environment.registryHint")}>
        <Select
          value={form.registry}
          onChange={(registry) => set({ registry })}
          options={[
            { value: "", label: t("environment.registryNone") },
            ...(registries?.items ?? []).map((one) => ({
              value: one.key,
              label: `${one.name} (${one.key})`,
            })),
          ]}
        />
      </Field>
      {numeral("keptDeployments", t("environment.keptDeploymentsHint"))}
      <Switch
        checked={form.fourEyes}
        onChange={(fourEyes) => set({ fourEyes })}
        label={t("environment.fourEyes")}
        hint={t("environment.fourEyesHint")}
      />
      <div className="border-t border-line pt-4">
        <h3 className="font-semibold">{t("environment.waves")}</h3>
        <p className="text-sm text-fg-3">{t("environment.wavesText")}</p>
      </div>
      <p className="-mb-2 font-medium" aria-hidden>
        {t("environment.waveGate")}
      </p>
      <ChoiceCards
        label={t("environment.waveGate")}
        value={form.waveGate}
        onChange={(waveGate) => set({ waveGate })}
        options={WAVE_GATES.map((value) => ({
          value,
          label: t(`environment.waveGates.${value}`),
          hint: t(`environment.waveGateHints.${value}`),
        }))}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {WAVE_NUMBERS.map((field) => numeral(field, t(`environment.${field}Hint`)))}
      </div>
      <p className="-mb-2 font-medium" aria-hidden>
        {t("environment.onFailure")}
      </p>
      <ChoiceCards
        label={t("environment.onFailure")}
        value={form.onFailure}
        onChange={(onFailure) => set({ onFailure })}
        options={FAILURE_POLICIES.map((value) => ({
          value,
          label: t(`environment.onFailures.${value}`),
          hint: t(`environment.onFailureHints.${value}`),
        }))}
      />
    </FormDialog>
  );
}
