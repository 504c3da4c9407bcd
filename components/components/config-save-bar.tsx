"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Tag } from "#components/ui/tag.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { configQuery, configVersionsQuery, updateConfig } from "#lib/components/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import type { Column } from "./config-column.ts";
import { discarded, toUpdate } from "./config-model.ts";
import { SaveBar } from "./save-bar.tsx";

const SHOWN = 4;

/** The foot of the window while an environment has unsaved changes: what they are, discard, save. */
export function ConfigSaveBar({ column }: { column: Column }) {
  const t = useTranslations("components");
  const strategies = useTranslations("strategies");
  const client = useQueryClient();
  const toast = useToast();
  const { project, component } = column.config;
  const place = { project, component, environment: column.key };
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => updateConfig(place, toUpdate(column.config, column.draft)),
    onSuccess: (saved) => {
      client.setQueryData(configQuery(place).queryKey, saved);
      void client.invalidateQueries({ queryKey: configVersionsQuery(place).queryKey });
      column.edit(discarded);
      toast.done(t("configSaved", { environment: column.key }), t("savingDeploysNothing"));
    },
  });
  const problem = problemOf(error);
  const label = (name: string, kind: string) =>
    kind === "size"
      ? t(`size.${name}`)
      : kind === "template"
        ? t("template")
        : kind === "strategy"
          ? strategies("title")
          : kind === "checks"
            ? strategies("checks.title")
            : name;
  return (
    <SaveBar
      problem={problem}
      save={t("saveConfig", { environment: column.key })}
      saving={isPending}
      onSave={() => mutate()}
      onDiscard={() => {
        reset();
        column.edit(discarded);
      }}
    >
      <b className="whitespace-nowrap">
        {t("changesIn", { count: column.changes.length, environment: column.key })}
      </b>
      {column.changes.slice(0, SHOWN).map(({ name, kind, from, to }) => (
        <Tag key={`${kind} ${name}`} className="max-w-60!">
          {label(name, kind)}
          {(kind === "size" || kind === "variable") && (
            <span className="ml-1 font-mono text-xs">
              {from === "" ? "∅" : from} → {to === "" ? "∅" : to}
            </span>
          )}
        </Tag>
      ))}
      {column.changes.length > SHOWN && <span className="text-fg-3">+{column.changes.length - SHOWN}</span>}
      <span className="min-w-0 truncate text-fg-3 max-lg:hidden">{t("savingDeploysNothing")}</span>
    </SaveBar>
  );
}
