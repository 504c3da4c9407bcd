"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { BuildsForm } from "./builds-form.tsx";

/** How many builds of a project run at once, and what becomes of those that wait. */
export function BuildsCard({ project }: { project: ProjectDetailDto }) {
  const t = useTranslations("projects");
  const [editing, setEditing] = useState(false);
  const { maxBuilds, supersedeQueuedBuilds } = project;
  return (
    <Card>
      <CardHeader
        title={t("builds")}
        actions={
          <IconButton
            size="small"
            label={project.mayManage ? t("editBuilds") : t("needsOwner")}
            disabled={!project.mayManage}
            icon={<Pencil aria-hidden />}
            onClick={() => setEditing(true)}
          />
        }
      />
      <CardBody>
        <DescriptionList
          items={[
            {
              key: "most",
              term: t("maxBuilds"),
              detail: maxBuilds === null ? t("unlimited") : <b>{maxBuilds}</b>,
            },
            {
              key: "supersede",
              term: t("queuedBuilds"),
              detail: t(supersedeQueuedBuilds ? "superseded" : "keptInOrder"),
            },
          ]}
        />
      </CardBody>
      {editing && <BuildsForm project={project} onClose={() => setEditing(false)} />}
    </Card>
  );
}
