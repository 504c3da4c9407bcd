"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Switch } from "#components/ui/choice.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { projectQuery, updateProject } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { FormDialog } from "./form-dialog.tsx";

const MOST = 100;

/** The rules by which a project's builds wait. */
export function BuildsForm({ project, onClose }: { project: ProjectDetailDto; onClose: () => void }) {
  const t = useTranslations("projects");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const [most, setMost] = useState(project.maxBuilds === null ? "" : String(project.maxBuilds));
  const [supersede, setSupersede] = useState(project.supersedeQueuedBuilds);
  const wrong = most !== "" && !(Number(most) >= 1 && Number(most) <= MOST);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      updateProject(project.key, {
        version: project.version,
        maxBuilds: most === "" ? null : Number(most),
        supersedeQueuedBuilds: supersede,
      }),
    onSuccess: (changed) => {
      client.setQueryData(projectQuery(project.key).queryKey, changed);
      toast.done(t("saved"));
      onClose();
    },
  });
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("editBuilds")}
      description={t("buildsText")}
      submit={common("save")}
      ready={!wrong}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
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
