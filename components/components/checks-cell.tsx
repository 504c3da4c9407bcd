"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ChecksDialog } from "./checks-dialog.tsx";
import type { Column } from "./config-column.ts";
import { checksNow, isSame } from "./config-model.ts";
import { NotSaved, RunsOther } from "./config-notes.tsx";

/** What a deployment in one environment is judged by. */
export function ChecksCell({ column }: { column: Column }) {
  const t = useTranslations("strategies.checks");
  const [open, setOpen] = useState(false);
  const { config, draft, running } = column;
  const checks = checksNow(config, draft);
  const edited = column.changes.some(({ kind }) => kind === "checks");
  const runs = running?.config?.smokeChecks;
  return (
    <div className={cx("config-cell", config.mayEdit && "config-open", edited && "config-edited")}>
      <div className="flex min-h-[26px] items-center gap-1.5">
        <span className="flex min-w-0 flex-wrap gap-1">
          {checks.length === 0 && <span className="text-fg-3">{t("none")}</span>}
          {checks.map(({ name, kind }) => (
            <Tag key={name} className="max-w-44">
              <span className="text-fg-3">{t(`kind.${kind}`)}</span> <span className="truncate">{name}</span>
            </Tag>
          ))}
        </span>
        {config.mayEdit && (
          <IconButton
            size="small"
            className="ml-auto"
            label={t("editOf", { environment: column.key })}
            icon={<Pencil aria-hidden />}
            onClick={() => setOpen(true)}
          />
        )}
      </div>
      {edited && <NotSaved />}
      {!edited && runs && !isSame(runs, checks) && (
        <RunsOther>{runs.length === 0 ? t("none") : t("count", { count: runs.length })}</RunsOther>
      )}
      {open && (
        <ChecksDialog
          project={config.project}
          environment={column.key}
          value={checks}
          onClose={() => setOpen(false)}
          onTake={(taken) => {
            column.edit({ smokeChecks: taken });
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}
