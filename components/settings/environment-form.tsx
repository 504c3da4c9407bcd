"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { ChoiceCards, Switch } from "#components/ui/choice.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { createEnvironment, environmentsQuery, updateEnvironment } from "#lib/environments/client.ts";
import {
  ENVIRONMENT_KINDS,
  type EnvironmentDto,
  FAILURE_POLICIES,
  WAVE_GATES,
} from "#lib/environments/schema.ts";
import { registriesQuery } from "#lib/registries/client.ts";

const NUMBERS = ["approvalsRequired", "approvalMinutes", "observeSeconds"] as const;
const WAVE_NUMBERS = ["wavePauseSeconds", "maxFailedTargets"] as const;
type Kind = (typeof ENVIRONMENT_KINDS)[number];

/** Makes an environment or changes its rules. */
export function EnvironmentForm({
  known,
  nextRank,
  ...props
}: {
  /** Null: a new one. */
  known: EnvironmentDto | null;
  nextRank: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const client = useQueryClient();
  const [key, setKey] = useState("");
  const [rank, setRank] = useState(String(nextRank));
  const [kind, setKind] = useState<Kind>("controlled");
  const [name, setName] = useState(known?.name ?? "");
  const [fourEyes, setFourEyes] = useState(known?.fourEyes ?? true);
  const [numbers, setNumbers] = useState({
    approvalsRequired: String(known?.approvalsRequired ?? 1),
    approvalMinutes: String(known?.approvalMinutes ?? 1440),
    observeSeconds: String(known?.observeSeconds ?? 0),
    wavePauseSeconds: String(known?.wavePauseSeconds ?? 0),
    maxFailedTargets: String(known?.maxFailedTargets ?? 0),
    keptDeployments: String(known?.keptDeployments ?? 5),
  });
  const [waveGate, setWaveGate] = useState(known?.waveGate ?? "auto");
  const [onFailure, setOnFailure] = useState(known?.onFailure ?? "stop");
  const [registry, setRegistry] = useState(known?.registry ?? "");
  const { data: registries } = useQuery(registriesQuery());
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const policy = {
        name,
        fourEyes,
        approvalsRequired: Number(numbers.approvalsRequired),
        approvalMinutes: Number(numbers.approvalMinutes),
        observeSeconds: Number(numbers.observeSeconds),
        wavePauseSeconds: Number(numbers.wavePauseSeconds),
        maxFailedTargets: Number(numbers.maxFailedTargets),
        keptDeployments: Number(numbers.keptDeployments),
        waveGate,
        onFailure,
        registry: registry === "" ? null : registry,
      };
      return known === null
        ? createEnvironment({ key, rank: Number(rank), kind, ...policy })
        : updateEnvironment(known.key, { version: known.version, ...policy });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: environmentsQuery().queryKey });
      props.onOpenChange(false);
    },
  });
  return (
    <FormDialog
      {...props}
      title={known === null ? t("environment.add") : t("environment.edit", { key: known.key })}
      description={t("environment.text")}
      submit={common("save")}
      ready={name.trim() !== "" && (known !== null || key.length >= 2)}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      {known === null && (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("key")} hint={t("environment.keyHint")}>
              <Input mono value={key} onChange={(event) => setKey(event.target.value.toUpperCase())} />
            </Field>
            <Field label={t("environment.rank")} hint={t("environment.rankHint")}>
              <Input
                mono
                inputMode="numeric"
                value={rank}
                onChange={(event) => setRank(event.target.value.replace(/\D/g, ""))}
              />
            </Field>
          </div>
          <ChoiceCards
            label={t("environment.kind")}
            value={kind}
            onChange={setKind}
            options={ENVIRONMENT_KINDS.map((value) => ({
              value,
              label: t(`environment.kinds.${value}`),
              hint: t(`environment.kindHints.${value}`),
            }))}
          />
        </>
      )}
      <Field label={t("name")}>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        {NUMBERS.map((field) => (
          <Field key={field} label={t(`environment.${field}`)}>
            <Input
              mono
              inputMode="numeric"
              value={numbers[field]}
              onChange={(event) => setNumbers({ ...numbers, [field]: event.target.value.replace(/\D/g, "") })}
            />
          </Field>
        ))}
      </div>
      <Field label={t("environment.registry")} hint={t("environment.registryHint")}>
        <Select
          value={registry}
          onChange={setRegistry}
          options={[
            { value: "", label: t("environment.registryNone") },
            ...(registries?.items ?? []).map((one) => ({
              value: one.key,
              label: `${one.name} (${one.key})`,
            })),
          ]}
        />
      </Field>
      <Field label={t("environment.keptDeployments")} hint={t("environment.keptDeploymentsHint")}>
        <Input
          mono
          inputMode="numeric"
          value={numbers.keptDeployments}
          onChange={(event) =>
            setNumbers({ ...numbers, keptDeployments: event.target.value.replace(/\D/g, "") })
          }
        />
      </Field>
      <Switch
        checked={fourEyes}
        onChange={setFourEyes}
        label={t("environment.fourEyes")}
        hint={t("environment.fourEyesHint")}
      />
      <div className="border-t border-line pt-4">
        <h3>{t("environment.waves")}</h3>
        <p className="text-sm text-fg-3">{t("environment.wavesText")}</p>
      </div>
      <p className="-mb-2 font-medium" aria-hidden>
        {t("environment.waveGate")}
      </p>
      <ChoiceCards
        label={t("environment.waveGate")}
        value={waveGate}
        onChange={setWaveGate}
        options={WAVE_GATES.map((value) => ({
          value,
          label: t(`environment.waveGates.${value}`),
          hint: t(`environment.waveGateHints.${value}`),
        }))}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {WAVE_NUMBERS.map((field) => (
          <Field key={field} label={t(`environment.${field}`)} hint={t(`environment.${field}Hint`)}>
            <Input
              mono
              inputMode="numeric"
              value={numbers[field]}
              onChange={(event) => setNumbers({ ...numbers, [field]: event.target.value.replace(/\D/g, "") })}
            />
          </Field>
        ))}
      </div>
      <p className="-mb-2 font-medium" aria-hidden>
        {t("environment.onFailure")}
      </p>
      <ChoiceCards
        label={t("environment.onFailure")}
        value={onFailure}
        onChange={setOnFailure}
        options={FAILURE_POLICIES.map((value) => ({
          value,
          label: t(`environment.onFailures.${value}`),
          hint: t(`environment.onFailureHints.${value}`),
        }))}
      />
    </FormDialog>
  );
}
