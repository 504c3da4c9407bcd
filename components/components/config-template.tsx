"use client";

import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { Select } from "#components/ui/select.tsx";
import type { TemplateSummaryDto } from "#lib/templates/schema.ts";
import type { Column } from "./config-column.ts";
import { Runs } from "./config-notes.tsx";

const USUAL = "";

/** The template of one environment: the usual one, or one chosen here. */
export function TemplateCell({ column, templates }: { column: Column; templates: TemplateSummaryDto[] }) {
  const t = useTranslations("components");
  const { config, draft, running } = column;
  const fitting = templates.filter(
    ({ environment, component }) =>
      environment === column.key && (component === null || component === config.component),
  );
  const chosen = (draft.templateId === undefined ? config.templateId : draft.templateId) ?? USUAL;
  const edited = column.changes.some(({ kind }) => kind === "template");
  const now = config.template;
  const runs = running?.template;
  const scope = ({ component, project }: TemplateSummaryDto) =>
    t(`origin.${component !== null ? "component" : project !== null ? "project" : "default"}`);
  return (
    <div className={cx("config-cell", config.mayEdit && "config-open", edited && "config-edited")}>
      {config.mayEdit ? (
        <Select
          small
          label={`${column.key} ${t("template")}`}
          value={chosen}
          onChange={(id) => column.edit({ templateId: id === USUAL ? null : id })}
          options={[
            {
              value: USUAL,
              label:
                now === null || config.templateId !== null
                  ? t("usualTemplate")
                  : t("usual", { name: now.name }),
            },
            ...fitting.map((template) => ({
              value: template.id,
              label: `${template.name} v${template.version}`,
              hint: scope(template),
            })),
          ]}
        />
      ) : (
        <span className="truncate">
          {now === null ? <span className="text-fg-3">{t("noTemplate")}</span> : now.name}
        </span>
      )}
      {edited ? (
        <span className="config-note">{t("notSaved")}</span>
      ) : (
        <span className="flex flex-wrap gap-x-3">
          {now !== null && <span className="config-note font-mono">v{now.version}</span>}
          {runs && now !== null && (runs.id !== now.id || runs.version !== now.version) && (
            <Runs value={`${runs.id === now.id ? "" : `${runs.name} `}v${runs.version}`} />
          )}
        </span>
      )}
    </div>
  );
}
