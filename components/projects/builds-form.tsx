"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Switch } from "#components/ui/choice.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { projectQuery, updateProject } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";

const MOST = 100;

/** The rules by which a project's builds wait. */
export function BuildsForm({ project, onClose }: { project: ProjectDetailDto; onClose: () => void }) {
  const t = useTranslations("projects");
  const [most, setMost] = useState(project.maxBuilds === null ? "" : String(project.maxBuilds));
  const [supersede, setSupersede] = useState(project.supersedeQueuedBuilds);
  const wrong = most !== "" && !(Number(most) >= 1 && Number(most) <= MOST);
  const save = () =>
    updateProject(project.key, {
      version: project.version,
      maxBuilds: most === "" ? null : Number(most),
      supersedeQueuedBuilds: supersede,
    });
  return (
    <FormDialog
      title={t("editBuilds")}
      description={t("buildsText")}
      ready={!wrong}
      save={save}
      answers={projectQuery(project.key).queryKey}
      done={t("saved")}
      onClose={onClose}
    >
      <Field
        label={t("maxBuilds")}
        hint={t("maxBuildsHint")}
        error={wrong ? t("maxBuildsWrong", { most: MOST }) : undefined}
      >
        <Input
          mono
          inputMode="numeric"
          placeholder={t("unlimited")}
          value={most}
          onChange={(event) => setMost(event.target.value.replace(/\D/g, "").slice(0, 4))}
        />
      </Field>
      <Switch checked={supersede} onChange={setSupersede} label={t("supersede")} hint={t("supersedeHint")} />
    </FormDialog>
  );
}
