"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { ChoiceCards, Switch } from "#components/ui/choice.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { createEnvironment, environmentsQuery, updateEnvironment } from "#lib/environments/client.ts";
import {
  ENVIRONMENT_KINDS,
  type EnvironmentDto,
  FAILURE_POLICIES,
  WAVE_GATES,
} from "#lib/environments/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";

const NUMBERS = ["approvalsRequired", "approvalMinutes", "observeSeconds"] as const;
const WAVE_NUMBERS = ["wavePauseSeconds", "maxFailedTargets"] as const;
type Kind = (typeof ENVIRONMENT_KINDS)[number];

function EnvironmentForm({
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
  });
  const [waveGate, setWaveGate] = useState(known?.waveGate ?? "auto");
  const [onFailure, setOnFailure] = useState(known?.onFailure ?? "stop");
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
        waveGate,
        onFailure,
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

/** Environments in order of rank, with their rules. */
export function Environments() {
  const t = useTranslations("settings");
  const { data, error, isPending, refetch } = useQuery(environmentsQuery());
  const [editing, setEditing] = useState<EnvironmentDto | null>(null);
  const [opened, setOpened] = useState(0);
  const [open, setOpen] = useState(false);
  const edit = (environment: EnvironmentDto | null) => {
    setEditing(environment);
    setOpened(opened + 1);
    setOpen(true);
  };
  const items = data?.items ?? [];
  return (
    <Card>
      <CardHeader
        title={t("tab.environments")}
        hint={t("environment.hint")}
        actions={
          <Button size="small" icon={<Plus aria-hidden />} onClick={() => edit(null)}>
            {t("environment.add")}
          </Button>
        }
      />
      {isPending && <SkeletonRows rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {items.length > 0 && (
        <Table label={t("tab.environments")}>
          <thead>
            <tr>
              <Th num className="w-16">
                {t("environment.rank")}
              </Th>
              <Th>{t("key")}</Th>
              <Th>{t("environment.kind")}</Th>
              <Th num>{t("environment.approvalsRequired")}</Th>
              <Th>{t("environment.fourEyes")}</Th>
              <Th>{t("environment.validity")}</Th>
              <Th>{t("environment.observe")}</Th>
              <Th>{t("environment.waveGate")}</Th>
              <Th>{t("environment.onFailure")}</Th>
              <Th className="w-12">
                <span className="sr-only">{t("edit")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {items.map((environment) => (
              <Tr key={environment.key}>
                <Td num className="text-fg-3">
                  {environment.rank}
                </Td>
                <Td>
                  <b>{environment.key}</b> <span className="text-fg-2">{environment.name}</span>
                </Td>
                <Td>
                  <Tag>{t(`environment.kinds.${environment.kind}`)}</Tag>
                </Td>
                <Td num>{environment.approvalsRequired}</Td>
                <Td>{t(environment.fourEyes ? "on" : "off")}</Td>
                <Td>
                  <Duration seconds={environment.approvalMinutes * 60} />
                </Td>
                <Td>
                  <Duration seconds={environment.observeSeconds} />
                </Td>
                <Td>
                  {t(`environment.waveGates.${environment.waveGate}`)}
                  {environment.wavePauseSeconds > 0 && (
                    <span className="text-fg-3">
                      {" "}
                      · <Duration seconds={environment.wavePauseSeconds} />
                    </span>
                  )}
                </Td>
                <Td>{t(`environment.onFailures.${environment.onFailure}`)}</Td>
                <Td>
                  <IconButton
                    size="small"
                    label={t("environment.edit", { key: environment.key })}
                    icon={<Pencil aria-hidden />}
                    onClick={() => edit(environment)}
                  />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <EnvironmentForm
        key={opened}
        known={editing}
        nextRank={Math.max(0, ...items.map(({ rank }) => rank)) + 10}
        open={open}
        onOpenChange={setOpen}
      />
    </Card>
  );
}
