"use client";

import { Pencil, Plus, Server, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { z } from "zod";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Select } from "#components/ui/select.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { setTargets, targetsQuery } from "#lib/environments/client.ts";
import type { targetSchema } from "#lib/environments/schema.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";

type Target = z.infer<typeof targetSchema>;
type Draft = Target & { id: number };

function TargetsForm({
  project,
  targets,
  clusters,
  onClose,
}: {
  project: ProjectDetailDto;
  targets: Target[];
  clusters: string[];
  onClose: () => void;
}) {
  const t = useTranslations("projects");
  const common = useTranslations("common");
  const [rows, setRows] = useState<Draft[]>(targets.map((target, id) => ({ ...target, id })));
  const change = (id: number, part: Partial<Target>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <FormDialog
      size="wide"
      title={t("editTargets")}
      description={t("editTargetsText")}
      ready={rows.every(({ cluster, namespace }) => cluster !== "" && namespace !== "")}
      save={() => setTargets(project.key, { targets: rows.map(({ id: _, ...row }) => row) })}
      answers={targetsQuery(project.key).queryKey}
      done={t("saved")}
      onClose={onClose}
    >
      <datalist id="known-clusters">
        {clusters.map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
      <ul className="flex flex-col gap-2">
        {rows.map((row) => (
          <li
            key={row.id}
            className="grid grid-cols-2 items-center gap-2 sm:grid-cols-[120px_1fr_1fr_72px_30px]"
          >
            <Select
              label={t("environment")}
              value={row.environment}
              onChange={(environment) => change(row.id, { environment })}
              options={project.environments.map(({ key }) => ({ value: key, label: key }))}
            />
            <Input
              mono
              list="known-clusters"
              aria-label={t("cluster")}
              placeholder={t("cluster")}
              value={row.cluster}
              onChange={(event) => change(row.id, { cluster: event.target.value.trim() })}
            />
            <Input
              mono
              aria-label={t("namespace")}
              placeholder={t("namespace")}
              value={row.namespace}
              onChange={(event) => change(row.id, { namespace: event.target.value.trim() })}
            />
            <Input
              mono
              inputMode="numeric"
              aria-label={t("wave")}
              title={t("wave")}
              value={String(row.wave)}
              onChange={(event) =>
                change(row.id, { wave: Number(event.target.value.replace(/\D/g, "")) || 1 })
              }
            />
            <IconButton
              label={common("remove")}
              icon={<Trash2 aria-hidden />}
              onClick={() => setRows(rows.filter(({ id }) => id !== row.id))}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          onClick={() =>
            setRows([
              ...rows,
              {
                id: Math.max(0, ...rows.map(({ id }) => id)) + 1,
                environment: project.environments[0]?.key ?? "",
                cluster: clusters[0] ?? "",
                namespace: "",
                wave: 1,
                createNamespace: true,
              },
            ])
          }
        >
          {t("addTarget")}
        </Button>
      </div>
    </FormDialog>
  );
}

/** Where the project's environments live; targets of one wave are deployed together. */
export function TargetsCard({
  project,
  targets,
  clusters,
  mayEdit,
}: {
  project: ProjectDetailDto;
  targets: Target[];
  clusters: string[];
  mayEdit: boolean;
}) {
  const t = useTranslations("projects");
  const common = useTranslations("common");
  const [editing, setEditing] = useState(false);
  return (
    <Card>
      <CardHeader
        title={t("targets")}
        hint={targets.length}
        actions={
          <Button
            size="small"
            icon={<Pencil aria-hidden />}
            disabled={!mayEdit}
            reason={t("needsOwner")}
            onClick={() => setEditing(true)}
          >
            {common("edit")}
          </Button>
        }
      />
      {targets.length === 0 ? (
        <EmptyState icon={<Server aria-hidden />} title={t("noTargets")}>
          {t("noTargetsText")}
        </EmptyState>
      ) : (
        <Table label={t("targets")}>
          <thead>
            <tr>
              <Th>{t("environment")}</Th>
              <Th>{t("cluster")}</Th>
              <Th>{t("namespace")}</Th>
              <Th num>{t("wave")}</Th>
            </tr>
          </thead>
          <tbody>
            {targets.map((target) => (
              <Tr key={`${target.environment} ${target.cluster} ${target.namespace}`}>
                <Td>
                  <Tag>{target.environment}</Tag>
                </Td>
                <Td>
                  <Tag icon={<Server aria-hidden />}>{target.cluster}</Tag>
                </Td>
                <Td className="font-mono text-sm">{target.namespace}</Td>
                <Td num>{target.wave}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {editing && (
        <TargetsForm
          project={project}
          targets={targets}
          clusters={clusters}
          onClose={() => setEditing(false)}
        />
      )}
    </Card>
  );
}
