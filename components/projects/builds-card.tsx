"use client";

import { useTranslations } from "next-intl";
import { CardBody } from "#components/ui/card.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { BuildsForm } from "./builds-form.tsx";
import { EditedCard } from "./edited-card.tsx";

/** How many builds of a project run at once, and what becomes of those that wait. */
export function BuildsCard({ project }: { project: ProjectDetailDto }) {
  const t = useTranslations("projects");
  const { maxBuilds, supersedeQueuedBuilds, mayManage } = project;
  return (
    <EditedCard
      title={t("builds")}
      edit={t("editBuilds")}
      mayManage={mayManage}
      form={(close) => <BuildsForm project={project} onClose={close} />}
    >
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
    </EditedCard>
  );
}
