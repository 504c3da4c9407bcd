"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ImageFinding } from "#lib/image-policies/schema.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { projectQuery } from "#lib/projects/client.ts";
import { askWaiver, WAIVERS_KEY } from "#lib/waivers/client.ts";

const DAYS = ["7", "14", "30", "60", "90"] as const;
const SCOPES = ["component", "project"] as const;

/** Asks for one finding to be let through for a time; somebody else decides. */
export function AskWaiver({
  plan,
  finding,
  onClose,
}: {
  plan: PlanDto;
  finding: ImageFinding;
  onClose: () => void;
}) {
  const t = useTranslations("policies");
  const { data: project } = useQuery(projectQuery(plan.project));
  const [scope, setScope] = useState<(typeof SCOPES)[number]>("component");
  const [days, setDays] = useState<(typeof DAYS)[number]>("14");
  const [owner, setOwner] = useState("");
  const [reason, setReason] = useState("");
  const members = (project?.members ?? []).filter(({ disabled }) => !disabled);
  const save = () =>
    askWaiver({
      project: plan.project,
      environment: plan.environment,
      release: plan.release,
      subject: finding.subject,
      reason,
      ...(owner ? { owner } : {}),
      expiresAt: new Date(Date.now() + Number(days) * 86_400_000 - 60_000).toISOString(),
      ...(scope === "component" ? { component: finding.component } : {}),
    });
  return (
    <FormDialog
      title={t("ask.title", { subject: subjectText(t, finding.subject) })}
      description={t("ask.text", { environment: plan.environment })}
      submit={t("ask.submit")}
      ready={reason.trim().length >= 3}
      save={save}
      refreshes={[WAIVERS_KEY]}
      done={t("ask.done")}
      onClose={onClose}
    >
      <Field label={t("ask.scope")}>
        <Select
          value={scope}
          onChange={setScope}
          options={SCOPES.map((value) => ({
            value,
            label: t(`ask.scopes.${value}`, { component: finding.component, project: plan.project }),
          }))}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("ask.days")}>
          <Select
            value={days}
            onChange={setDays}
            options={DAYS.map((value) => ({ value, label: t("ask.dayCount", { count: Number(value) }) }))}
          />
        </Field>
        <Field label={t("ask.owner")} hint={t("ask.ownerHint")}>
          <Select
            value={owner}
            onChange={setOwner}
            options={[
              { value: "", label: t("ask.self") },
              ...members.map(({ username, displayName }) => ({ value: username, label: displayName })),
            ]}
          />
        </Field>
      </div>
      <Field label={t("ask.reason")} hint={t("ask.reasonHint")}>
        <Textarea
          rows={3}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

/** A rule by its name, a vulnerability by its id. */
export const subjectText = (t: ReturnType<typeof useTranslations<"policies">>, subject: string): string =>
  t.has(`rule.${subject}`) ? t(`rule.${subject}`) : subject;
