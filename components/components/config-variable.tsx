"use client";

import { CircleAlert, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { Column } from "./config-column.ts";
import { variableOf } from "./config-model.ts";
import { Runs, Typed } from "./config-notes.tsx";

/** A variable in one environment. `expected`: an earlier environment has it, so its absence is worth a look. */
export function VariableCell({
  column,
  name,
  expected,
}: {
  column: Column;
  name: string;
  expected: boolean;
}) {
  const t = useTranslations("components");
  const { config, draft, running } = column;
  const value = variableOf(config, draft, name);
  const open = config.mayEdit;
  const change = column.changes.find((one) => one.kind === "variable" && one.name === name);
  const set = (next: string | null) => column.edit({ variables: { ...draft.variables, [name]: next } });
  const runs = running?.config ? (running.config.variables[name] ?? "") : null;
  const missing = value === undefined && expected;
  return (
    <div
      className={cx(
        "config-cell",
        open && "config-open",
        missing && "config-missing",
        change !== undefined && "config-edited",
      )}
    >
      <div className="flex min-h-[26px] items-center gap-1.5">
        {value === undefined ? (
          <>
            <span className={missing ? "state k-wait" : "text-fg-3"}>
              {missing && <CircleAlert aria-hidden />}
              {t(missing ? "missing" : "unset")}
            </span>
            {open && (
              <Button size="small" className="ml-auto" onClick={() => set("")}>
                {t("set")}
              </Button>
            )}
          </>
        ) : open ? (
          <>
            <Input
              small
              mono
              aria-label={`${column.key} ${name}`}
              value={value}
              onChange={(event) => set(event.target.value)}
            />
            <IconButton
              size="small"
              label={t("removeFrom", { name, environment: column.key })}
              icon={<X aria-hidden />}
              onClick={() => set(null)}
            />
          </>
        ) : (
          <span className="truncate font-mono text-sm" title={value}>
            {value === "" ? <span className="text-fg-3">{t("empty")}</span> : value}
          </span>
        )}
      </div>
      {change !== undefined ? (
        <Typed from={change.from} to={change.to} />
      ) : (
        runs !== null && runs !== (value ?? "") && <Runs value={runs === "" ? t("unset") : runs} />
      )}
    </div>
  );
}
