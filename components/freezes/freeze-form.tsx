"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { createFreeze } from "#lib/freezes/client.ts";

/** A local date and time, as `datetime-local` wants it. */
function localMoment(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Stops deployments to an environment for a time. Times are typed in the reader's zone. */
export function CreateFreezeDialog({
  project,
  environments,
  onClose,
}: {
  project: string | undefined;
  environments: string[];
  onClose: () => void;
}) {
  const t = useTranslations("settings");
  const [form, setForm] = useState(() => {
    const now = new Date();
    return {
      environment: environments.at(-1) ?? "",
      startsAt: localMoment(now),
      endsAt: localMoment(new Date(now.getTime() + 8 * 3_600_000)),
      reason: "",
    };
  });
  const save = () =>
    createFreeze({
      ...(project === undefined ? {} : { project }),
      environment: form.environment,
      reason: form.reason,
      startsAt: new Date(form.startsAt).toISOString(),
      endsAt: new Date(form.endsAt).toISOString(),
    });
  return (
    <FormDialog
      title={t("freeze.add")}
      description={t(project === undefined ? "freeze.addTextAll" : "freeze.addText")}
      submit={t("freeze.confirm")}
      ready={form.startsAt !== "" && form.endsAt > form.startsAt && form.reason.trim().length >= 3}
      save={save}
      refreshes={[["freezes"]]}
      onClose={onClose}
    >
      <Field label={t("freeze.environment")}>
        <Select
          value={form.environment}
          onChange={(environment) => setForm({ ...form, environment })}
          options={environments.map((value) => ({ value, label: value }))}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("freeze.from")}>
          <Input
            type="datetime-local"
            value={form.startsAt}
            onChange={(event) => setForm({ ...form, startsAt: event.target.value })}
          />
        </Field>
        <Field label={t("freeze.until")}>
          <Input
            type="datetime-local"
            value={form.endsAt}
            onChange={(event) => setForm({ ...form, endsAt: event.target.value })}
          />
        </Field>
      </div>
      <Field label={t("freeze.reason")} hint={t("freeze.reasonHint")}>
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
