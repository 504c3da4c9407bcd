"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Checkbox, Switch } from "#components/ui/choice.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { imagePoliciesQuery, setImagePolicy } from "#lib/image-policies/client.ts";
import { type ImagePolicyDto, MAX_SEVERITIES, type PolicyRules } from "#lib/image-policies/schema.ts";

type Named = { key: string; name: string };
const SEVERITY_CHOICES = ["any", ...MAX_SEVERITIES.toReversed()] as const;

/** What one environment asks of images. */
export function PolicyForm({
  policy,
  bases,
  registries,
  onClose,
}: {
  policy: ImagePolicyDto;
  bases: Named[];
  registries: Named[];
  onClose: () => void;
}) {
  const t = useTranslations("policies");
  const settings = useTranslations("settings");
  const [rules, setRules] = useState<PolicyRules>({
    maxSeverity: policy.maxSeverity,
    requireScan: policy.requireScan,
    requireSignature: policy.requireSignature,
    allowedBases: policy.allowedBases,
    allowedRegistries: policy.allowedRegistries,
  });
  return (
    <FormDialog
      title={t("edit.title", { environment: policy.environment })}
      description={t("edit.text")}
      save={() => setImagePolicy(policy.environment, { ...rules, version: policy.version })}
      refreshes={[imagePoliciesQuery().queryKey]}
      done={settings("saved")}
      onClose={onClose}
    >
      <Field label={t("edit.maxSeverity")} hint={t("edit.maxSeverityHint")}>
        <Select
          value={rules.maxSeverity ?? "any"}
          onChange={(value) => setRules({ ...rules, maxSeverity: value === "any" ? null : value })}
          options={SEVERITY_CHOICES.map((value) => ({ value, label: t(`limit.${value}`) }))}
        />
      </Field>
      <Switch
        checked={rules.requireScan}
        onChange={(requireScan) => setRules({ ...rules, requireScan })}
        label={t("edit.requireScan")}
        hint={t("edit.requireScanHint")}
      />
      <Switch
        checked={rules.requireSignature}
        onChange={(requireSignature) => setRules({ ...rules, requireSignature })}
        label={t("edit.requireSignature")}
        hint={t("edit.requireSignatureHint")}
      />
      <Allowed
        label={t("edit.allowedBases")}
        hint={t(bases.length > 0 ? "edit.allowedHint" : "edit.noBases")}
        known={bases}
        chosen={rules.allowedBases}
        onChange={(allowedBases) => setRules({ ...rules, allowedBases })}
      />
      <Allowed
        label={t("edit.allowedRegistries")}
        hint={t("edit.allowedHint")}
        known={registries}
        chosen={rules.allowedRegistries}
        onChange={(allowedRegistries) => setRules({ ...rules, allowedRegistries })}
      />
    </FormDialog>
  );
}

/** Which of the known ones are allowed; none ticked allows all. */
function Allowed({
  label,
  hint,
  known,
  chosen,
  onChange,
}: {
  label: string;
  hint: string;
  known: Named[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium">{label}</legend>
      {known.map(({ key, name }) => (
        <Checkbox
          key={key}
          checked={chosen.includes(key)}
          onChange={(on) => onChange(on ? [...chosen, key] : chosen.filter((one) => one !== key))}
          label={name}
          hint={key}
        />
      ))}
      <p className="text-sm text-fg-3">{hint}</p>
    </fieldset>
  );
}
