"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { StrategySummary } from "#components/strategies/strategy-summary.tsx";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { Column } from "./config-column.ts";
import { checksNow, isSame, sizeNow, strategyNow } from "./config-model.ts";
import { NotSaved, RunsOther } from "./config-notes.tsx";
import { StrategyDialog } from "./strategy-dialog.tsx";

/** How the component goes out in one environment. */
export function StrategyCell({ column }: { column: Column }) {
  const t = useTranslations("strategies");
  const [open, setOpen] = useState(false);
  const { config, draft, running } = column;
  const strategy = strategyNow(config, draft);
  const edited = column.changes.some(({ kind }) => kind === "strategy");
  const runs = running?.config?.strategy;
  return (
    <div className={cx("config-cell", config.mayEdit && "config-open", edited && "config-edited")}>
      <div className="flex min-h-[26px] items-center gap-1.5">
        <span className="max-w-56">
          <StrategySummary strategy={strategy} />
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
      {!edited && runs && !isSame(runs, strategy) && (
        <RunsOther>
          <StrategySummary strategy={runs} />
        </RunsOther>
      )}
      {open && (
        <StrategyDialog
          environment={column.key}
          value={strategy}
          replicas={Number(sizeNow(config, draft, "replicas"))}
          checks={checksNow(config, draft).length}
          onClose={() => setOpen(false)}
          onTake={(taken) => {
            column.edit({ strategy: taken });
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}
