"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Trash2, Undo2, Variable } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { componentQuery, updateComponent } from "#lib/components/client.ts";
import { type ComponentDto, RESERVED_VARIABLES } from "#lib/components/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { AddName } from "./add-name.tsx";
import { SecretDialog } from "./config-secret.tsx";
import { SaveBar } from "./save-bar.tsx";
import { startVariables, toVariables, type VariableDraft, variableChanges } from "./variables-model.ts";

function VariableRow({
  row,
  mayEdit,
  onChange,
}: {
  row: VariableDraft;
  mayEdit: boolean;
  onChange: (row: VariableDraft) => void;
}) {
  const t = useTranslations("components");
  const common = useTranslations("common");
  const [asking, setAsking] = useState(false);
  return (
    <Tr className={row.removed ? "opacity-60" : undefined}>
      <Td className="font-mono text-sm">
        <span className={row.removed ? "line-through" : undefined}>{row.name}</span>
      </Td>
      <Td>
        {row.secret ? (
          <span className="flex flex-wrap items-center gap-2">
            {row.saved === null ? null : (
              <Tag mono icon={<KeyRound aria-hidden />}>
                v{row.saved.version}
              </Tag>
            )}
            {row.value === null ? (
              row.saved === null && <span className="state k-wait">{t("needsValue")}</span>
            ) : (
              <span>{t("secretTyped")}</span>
            )}
            {mayEdit && !row.removed && (
              <Button size="small" onClick={() => setAsking(true)}>
                {t(row.saved === null ? "set" : "replace")}
              </Button>
            )}
            <SecretDialog
              name={row.name}
              place={t("theBuild")}
              open={asking}
              onOpenChange={setAsking}
              onSet={(value) => onChange({ ...row, value })}
            />
          </span>
        ) : mayEdit && !row.removed ? (
          <Input
            small
            mono
            aria-label={row.name}
            value={row.value ?? ""}
            onChange={(event) => onChange({ ...row, value: event.target.value })}
          />
        ) : (
          <span className="font-mono text-sm break-all">{row.value}</span>
        )}
      </Td>
      <Td className="text-fg-3">{row.saved !== null && <TimeAgo at={row.saved.updatedAt} />}</Td>
      <Td>
        {mayEdit && (
          <IconButton
            size="small"
            label={row.removed ? t("undo") : common("remove")}
            icon={row.removed ? <Undo2 aria-hidden /> : <Trash2 aria-hidden />}
            onClick={() => onChange({ ...row, removed: !row.removed })}
          />
        )}
      </Td>
    </Tr>
  );
}

/** What the build job receives beside its own parameters; secret values are written, never read. */
export function VariablesTab({ component }: { component: ComponentDto }) {
  const t = useTranslations("components");
  const client = useQueryClient();
  const toast = useToast();
  const { project, key, version, mayEdit } = component;
  const [draft, setDraft] = useState<VariableDraft[] | null>(null);
  const rows = draft ?? startVariables(component.variables);
  const changes = variableChanges(rows);
  const incomplete = rows.some((row) => !row.removed && row.value === null && row.saved === null);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => updateComponent(project, key, { version, variables: toVariables(rows) }),
    onSuccess: (saved) => {
      client.setQueryData(componentQuery(project, key).queryKey, saved);
      setDraft(null);
      toast.done(t("variablesSaved"), t("buildSavedText"));
    },
  });
  const problem = problemOf(error);
  const add = (secret: boolean) => (name: string) =>
    setDraft([...rows, { name, secret, value: secret ? null : "", saved: null, removed: false }]);
  const taken = [...rows.map(({ name }) => name), ...RESERVED_VARIABLES];
  return (
    <>
      <Page className="flex-1 pt-4!">
        <Card>
          <CardHeader title={t("buildVariables")} hint={mayEdit ? t("variablesHint") : t("membersEdit")} />
          {rows.length === 0 ? (
            <EmptyState icon={<Variable aria-hidden />} title={t("noVariables")}>
              {t("noVariablesText")}
            </EmptyState>
          ) : (
            <Table label={t("buildVariables")}>
              <thead>
                <tr>
                  <Th className="w-64">{t("nameOf")}</Th>
                  <Th>{t("value")}</Th>
                  <Th className="w-32">{t("changed")}</Th>
                  <Th className="w-12">
                    <span className="sr-only">{t("actions")}</span>
                  </Th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <VariableRow
                    key={row.name}
                    row={row}
                    mayEdit={mayEdit}
                    onChange={(next) => setDraft(rows.map((one) => (one.name === row.name ? next : one)))}
                  />
                ))}
              </tbody>
            </Table>
          )}
          {mayEdit && (
            <div className="flex flex-wrap items-center gap-1 border-t border-line px-2 py-1.5 [&>*]:ml-0!">
              <AddName label={t("addVariable")} taken={taken} onAdd={add(false)} />
              <AddName label={t("addSecretVariable")} taken={taken} onAdd={add(true)} />
            </div>
          )}
        </Card>
      </Page>
      {changes > 0 && (
        <SaveBar
          problem={problem}
          save={t("saveVariables")}
          saving={isPending}
          reason={incomplete ? t("needsValue") : undefined}
          onSave={() => mutate()}
          onDiscard={() => {
            setDraft(null);
            reset();
          }}
        >
          <b>{t("changes", { count: changes })}</b>
          <span className="text-fg-3 max-sm:hidden">{t("buildSavedText")}</span>
        </SaveBar>
      )}
    </>
  );
}
