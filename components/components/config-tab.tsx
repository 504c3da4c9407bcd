"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { Fragment, useState } from "react";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { choosableTemplatesQuery, configQuery } from "#lib/components/client.ts";
import type { Size } from "#lib/components/config-schema.ts";
import type { RunningConfigDto } from "#lib/components/running-schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import type { ProjectDto } from "#lib/projects/schema.ts";
import { AddName } from "./add-name.tsx";
import { adoptedDrafts } from "./adopted-draft.ts";
import { ChecksCell } from "./checks-cell.tsx";
import { type Column, columnOf, namesOf } from "./config-column.ts";
import { ConfigHead } from "./config-head.tsx";
import { ConfigHistory } from "./config-history.tsx";
import { type Draft, emptyDraft, variableOf } from "./config-model.ts";
import { ConfigSaveBar } from "./config-save-bar.tsx";
import { SecretCell } from "./config-secret.tsx";
import { SizeCell } from "./config-sizes.tsx";
import { TemplateCell } from "./config-template.tsx";
import { VariableCell } from "./config-variable.tsx";
import { StrategyCell } from "./strategy-cell.tsx";

const ROWS = [
  { label: "replicas", sizes: ["replicas"] },
  { label: "cpu", sizes: ["cpuRequest", "cpuLimit"] },
  { label: "memory", sizes: ["memoryRequest", "memoryLimit"] },
] as const satisfies { label: string; sizes: readonly Size[] }[];

/** Configuration of a component, environments side by side: what I type, what is saved, what runs. */
export function ConfigTab({
  component,
  environments,
  project,
  running,
}: {
  component: string;
  project: string;
  environments: ProjectDto["environments"];
  running: RunningConfigDto[];
}) {
  const t = useTranslations("components");
  const strategies = useTranslations("strategies");
  const configs = useQueries({
    queries: environments.map(({ key }) => configQuery({ project, component, environment: key })),
  });
  const templates = useQuery(choosableTemplatesQuery(project));
  const params = useSearchParams();
  const [drafts, setDrafts] = useState<Record<string, Draft>>(() =>
    adoptedDrafts(params ?? new URLSearchParams()),
  );
  const [added, setAdded] = useState<{ variables: string[]; secrets: string[] }>({
    variables: [],
    secrets: [],
  });
  const [history, setHistory] = useState<string | null>(null);

  const failed = configs.find(({ error }) => error !== null);
  const columns = environments.flatMap((environment, index): Column[] => {
    const config = configs[index]?.data;
    if (config === undefined) return [];
    return [
      columnOf({
        key: environment.key,
        name: environment.name,
        kind: environment.kind,
        config,
        running: running.find((one) => one.environment === environment.key) ?? null,
        draft: (config.mayEdit ? drafts[environment.key] : undefined) ?? emptyDraft,
        edit: (part) =>
          setDrafts((all) => ({
            ...all,
            [environment.key]: { ...(all[environment.key] ?? emptyDraft), ...part },
          })),
      }),
    ];
  });
  if (failed !== undefined) {
    return <ErrorState problem={problemOf(failed.error)} onRetry={() => void failed.refetch()} />;
  }
  if (columns.length < environments.length) return <SkeletonCard rows={10} />;

  const variables = namesOf(columns, "variables", added.variables);
  const secrets = namesOf(columns, "secrets", added.secrets);
  const editable = columns.some(({ config }) => config.mayEdit);
  const edited = columns.find(({ changes }) => changes.length > 0);
  const expected = (name: string, index: number) =>
    columns.slice(0, index).some(({ config, draft }) => variableOf(config, draft, name) !== undefined);
  return (
    <>
      <Page className="flex-1 pt-4!">
        <Card className="overflow-x-auto">
          <div
            className="config"
            style={{
              gridTemplateColumns: `clamp(128px, 30vw, 204px) repeat(${columns.length}, minmax(${columns.length > 3 ? 260 : 280}px, 1fr))`,
            }}
          >
            <div className="config-name justify-end! text-sm text-fg-3">{t("allSettings")}</div>
            {columns.map((column) => (
              <ConfigHead key={column.key} column={column} onHistory={() => setHistory(column.key)} />
            ))}
            <div className="config-group">
              <h2>{t("sizes")}</h2>
              <span className="text-fg-3">{t("sizesHint")}</span>
            </div>
            {ROWS.map(({ label, sizes }) => (
              <Fragment key={label}>
                <div className="config-name">
                  {t(`row.${label}`)}
                  {label !== "replicas" && <span className="text-sm text-fg-3">{t(`rowHint.${label}`)}</span>}
                </div>
                {columns.map((column) => (
                  <SizeCell key={column.key} column={column} sizes={sizes} />
                ))}
              </Fragment>
            ))}
            <div className="config-group">
              <h2>{t("template")}</h2>
              <span className="text-fg-3">{t("templateHint")}</span>
            </div>
            <div className="config-name">{t("templateUsed")}</div>
            {columns.map((column) => (
              <TemplateCell key={column.key} column={column} templates={templates.data?.items ?? []} />
            ))}
            <div className="config-group">
              <h2>{strategies("title")}</h2>
              <span className="truncate text-fg-3">{strategies("hint")}</span>
            </div>
            <div className="config-name">{strategies("title")}</div>
            {columns.map((column) => (
              <StrategyCell key={column.key} column={column} />
            ))}
            <div className="config-name">{strategies("checks.title")}</div>
            {columns.map((column) => (
              <ChecksCell key={column.key} column={column} />
            ))}
            <div className="config-group">
              <h2>{t("variables")}</h2>
              <span className="text-fg-3">{variables.length}</span>
              {editable && (
                <AddName
                  label={t("addVariable")}
                  taken={[...variables, ...secrets]}
                  onAdd={(name) => setAdded({ ...added, variables: [...added.variables, name] })}
                />
              )}
            </div>
            {variables.map((name) => (
              <Fragment key={name}>
                <div className="config-name">
                  <span className="truncate font-mono text-sm" title={name}>
                    {name}
                  </span>
                </div>
                {columns.map((column, index) => (
                  <VariableCell
                    key={column.key}
                    column={column}
                    name={name}
                    expected={expected(name, index)}
                  />
                ))}
              </Fragment>
            ))}
            <div className="config-group">
              <h2>{t("secrets")}</h2>
              <span className="truncate text-fg-3">{t("secretsHint")}</span>
              {editable && (
                <AddName
                  label={t("addSecret")}
                  taken={[...variables, ...secrets]}
                  onAdd={(name) => setAdded({ ...added, secrets: [...added.secrets, name] })}
                />
              )}
            </div>
            {secrets.map((name) => (
              <Fragment key={name}>
                <div className="config-name">
                  <span className="truncate font-mono text-sm" title={name}>
                    {name}
                  </span>
                </div>
                {columns.map((column) => (
                  <SecretCell key={column.key} column={column} name={name} />
                ))}
              </Fragment>
            ))}
          </div>
        </Card>
      </Page>
      {edited !== undefined && <ConfigSaveBar key={edited.key} column={edited} />}
      {history !== null && (
        <ConfigHistory
          place={{ project, component, environment: history }}
          open
          onOpenChange={() => setHistory(null)}
        />
      )}
    </>
  );
}
