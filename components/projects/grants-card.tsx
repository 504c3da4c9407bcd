"use client";

import { KeyRound, Plus } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmAction } from "#components/forms/confirm-action.tsx";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Person } from "#components/ui/person.tsx";
import { Select } from "#components/ui/select.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { createGrant, projectQuery, revokeGrant } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";

const HOURS = ["4", "24", "72", "168"] as const;
const DAY = {
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

function GrantForm({ project, onClose }: { project: ProjectDetailDto; onClose: () => void }) {
  const t = useTranslations("projects");
  const open = project.environments.filter(({ kind }) => kind === "open");
  const [form, setForm] = useState({ username: "", environment: open[0]?.key ?? "", reason: "" });
  const [hours, setHours] = useState<(typeof HOURS)[number]>("24");
  const save = () =>
    createGrant(project.key, {
      ...form,
      expiresAt: new Date(Date.now() + Number(hours) * 3_600_000).toISOString(),
    });
  return (
    <FormDialog
      title={t("addGrant")}
      description={t("grantText")}
      submit={t("grant")}
      ready={form.username !== "" && form.environment !== "" && form.reason.trim().length >= 3}
      save={save}
      answers={projectQuery(project.key).queryKey}
      done={t("granted")}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("username")}>
          <Input
            mono
            list="project-people"
            value={form.username}
            onChange={(event) => setForm({ ...form, username: event.target.value.trim() })}
          />
        </Field>
        <Field label={t("environment")}>
          <Select
            value={form.environment}
            onChange={(environment) => setForm({ ...form, environment })}
            options={open.map(({ key }) => ({ value: key, label: key }))}
          />
        </Field>
      </div>
      <datalist id="project-people">
        {project.members.map(({ username, displayName }) => (
          <option key={username} value={username}>
            {displayName}
          </option>
        ))}
      </datalist>
      <Field label={t("validFor")}>
        <Segmented
          label={t("validFor")}
          value={hours}
          onChange={setHours}
          options={HOURS.map((value) => ({ value, label: t(`hours.h${value}`) }))}
        />
      </Field>
      <Field label={t("reason")} hint={t("reasonHint")}>
        <Textarea
          rows={2}
          maxLength={500}
          value={form.reason}
          onChange={(event) => setForm({ ...form, reason: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}

/** Rights that end by themselves: who may deploy where until when, and why. */
export function GrantsCard({ project }: { project: ProjectDetailDto }) {
  const t = useTranslations("projects");
  const format = useFormatter();
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<ProjectDetailDto["grants"][number] | null>(null);
  return (
    <Card>
      <CardHeader
        title={t("grants")}
        hint={project.grants.length > 0 ? project.grants.length : undefined}
        actions={
          <IconButton
            size="small"
            label={project.mayManage ? t("addGrant") : t("needsOwner")}
            disabled={!project.mayManage}
            icon={<Plus aria-hidden />}
            onClick={() => setAdding(true)}
          />
        }
      />
      {project.grants.length === 0 && <p className="px-3.5 py-3 text-fg-3">{t("noGrants")}</p>}
      <ul className="px-3.5">
        {project.grants.map((grant) => (
          <li key={grant.id} className="flex flex-col gap-1 border-b border-line py-2.5 last:border-0">
            <span className="flex items-center gap-2">
              <KeyRound aria-hidden className="text-held" />
              <Person {...grant.person} face={false} />
              <Tag>{grant.environment}</Tag>
              {project.mayManage && (
                <Button kind="quiet" size="small" className="ml-auto" onClick={() => setEnding(grant)}>
                  {t("revoke")}
                </Button>
              )}
            </span>
            <span className="text-fg-2">{grant.reason}</span>
            <span className="text-sm text-fg-3">
              {t("grantUntil", {
                time: format.dateTime(new Date(grant.expiresAt), DAY),
                person: grant.grantedBy.displayName,
              })}
            </span>
          </li>
        ))}
      </ul>
      {adding && <GrantForm project={project} onClose={() => setAdding(false)} />}
      {ending !== null && (
        <ConfirmAction
          title={t("revokeTitle")}
          what={t("revokeText", {
            person: ending.person.displayName,
            environment: ending.environment,
          })}
          confirm={t("revoke")}
          save={() => revokeGrant(project.key, ending.id)}
          answers={projectQuery(project.key).queryKey}
          onClose={() => setEnding(null)}
        />
      )}
    </Card>
  );
}
