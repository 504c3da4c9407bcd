"use client";

import { Box, Boxes, Globe, type LucideIcon, Plus, Timer } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { useRowKeys } from "#components/ui/use-row-keys.ts";
import type { ComponentDto } from "#lib/components/schema.ts";
import { CreateComponentDialog } from "./component-form.tsx";

const ICONS: Record<string, LucideIcon> = { service: Box, site: Globe, job: Timer };

/** The deployable units of a project. */
export function ComponentsCard({
  project,
  components,
  mayEdit,
}: {
  project: string;
  components: ComponentDto[];
  mayEdit: boolean;
}) {
  const t = useTranslations("projects");
  const [adding, setAdding] = useState(false);
  const rows = useRowKeys<HTMLTableSectionElement>();
  const add = (
    <Button
      size="small"
      icon={<Plus aria-hidden />}
      disabled={!mayEdit}
      reason={t("needsDeveloper")}
      onClick={() => setAdding(true)}
    >
      {t("addComponent")}
    </Button>
  );
  return (
    <Card>
      <CardHeader title={t("components")} hint={components.length} actions={add} />
      {components.length === 0 ? (
        <EmptyState icon={<Boxes aria-hidden />} title={t("noComponents")}>
          {t("noComponentsText")}
        </EmptyState>
      ) : (
        <Table label={t("components")}>
          <thead>
            <tr>
              <Th>{t("component")}</Th>
              <Th>{t("repository")}</Th>
              <Th>{t("defaultRef")}</Th>
              <Th num>{t("buildVariables")}</Th>
            </tr>
          </thead>
          <tbody ref={rows}>
            {components.map((component) => {
              const Icon = ICONS[component.kind] ?? Box;
              return (
                <Tr key={component.key} link>
                  <Td>
                    <span className="flex items-center gap-2">
                      <Icon aria-hidden className="text-fg-3" />
                      <Link
                        href={`/projects/${project}/components/${component.key}`}
                        className="font-semibold hover:text-accent"
                        data-row-link
                      >
                        <MiddleText text={component.key} max={28} className="whitespace-nowrap" />
                      </Link>
                      <span className="truncate text-fg-2">{component.name}</span>
                      {component.archived && (
                        <StateBadge size="small" state="disabled" text={t("archived")} />
                      )}
                    </span>
                  </Td>
                  <Td className="font-mono text-sm text-fg-2">
                    <MiddleText text={component.gitUrl} max={46} />
                    {component.subPath !== "" && ` /${component.subPath}`}
                  </Td>
                  <Td>
                    <Tag mono>{component.defaultRef}</Tag>
                  </Td>
                  <Td num>{component.variables.length}</Td>
                </Tr>
              );
            })}
          </tbody>
        </Table>
      )}
      {adding && <CreateComponentDialog project={project} onClose={() => setAdding(false)} />}
    </Card>
  );
}
