"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { createWebhookRule, webhookRulesQuery } from "#lib/webhooks/client.ts";
import { createWebhookRuleSchema, WEBHOOK_EVENTS } from "#lib/webhooks/schema.ts";

const RESULTS = ["draft", "build"] as const;

/** A new rule in the name of whoever fills this in. */
export function WebhookRuleForm({
  project,
  components,
  onClose,
}: {
  project: string;
  components: { key: string; name: string }[];
  onClose: () => void;
}) {
  const t = useTranslations("webhooks.rules");
  const [component, setComponent] = useState(components[0]?.key ?? "");
  const [event, setEvent] = useState<(typeof WEBHOOK_EVENTS)[number]>("push");
  const [refPattern, setRefPattern] = useState("");
  const [result, setResult] = useState<(typeof RESULTS)[number]>("draft");
  const body = { component, event, refPattern, build: result === "build" };
  return (
    <FormDialog
      title={t("add")}
      description={t("addText")}
      submit={t("add")}
      ready={createWebhookRuleSchema.safeParse(body).success}
      save={() => createWebhookRule(project, body)}
      answers={webhookRulesQuery(project).queryKey}
      done={t("added")}
      onClose={onClose}
    >
      <Field label={t("component")}>
        <Select
          value={component}
          onChange={setComponent}
          options={components.map(({ key, name }) => ({ value: key, label: key, hint: name }))}
        />
      </Field>
      <Segmented
        label={t("event")}
        value={event}
        onChange={setEvent}
        options={WEBHOOK_EVENTS.map((value) => ({ value, label: t(`events.${value}`) }))}
      />
      <Field label={t("refPattern")} hint={t("refPatternHint")}>
        <Input
          mono
          maxLength={100}
          spellCheck={false}
          placeholder={event === "push" ? "release/*" : "v*"}
          value={refPattern}
          onChange={({ target }) => setRefPattern(target.value.trim())}
        />
      </Field>
      <div className="flex flex-col gap-1.5">
        <Segmented
          label={t("then")}
          value={result}
          onChange={setResult}
          options={RESULTS.map((value) => ({ value, label: t(value) }))}
        />
        <p className="text-sm text-fg-3">{t(`${result}Hint`)}</p>
      </div>
    </FormDialog>
  );
}
