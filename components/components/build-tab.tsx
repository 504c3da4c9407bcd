"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Switch } from "#components/ui/choice.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { Page } from "#components/ui/page.tsx";
import { Select } from "#components/ui/select.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { buildChoicesQuery } from "#lib/build-servers/client.ts";
import { componentQuery, updateComponent } from "#lib/components/client.ts";
import { COMPONENT_KINDS, type ComponentDto } from "#lib/components/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { BuildPlace, placeChange } from "./build-place.tsx";
import { SaveBar } from "./save-bar.tsx";

const FIELDS = [
  "name",
  "gitUrl",
  "subPath",
  "defaultRef",
  "baseImage",
  "dockerfile",
  "buildCommand",
  "artifactPath",
] as const;
type FieldName = (typeof FIELDS)[number];
const WIDE: readonly FieldName[] = ["gitUrl", "baseImage", "buildCommand"];

/** How the one build job builds this component. */
export function BuildTab({ component }: { component: ComponentDto }) {
  const t = useTranslations("components");
  const projects = useTranslations("projects");
  const client = useQueryClient();
  const toast = useToast();
  const [typed, setTyped] = useState<Partial<Record<FieldName, string>>>({});
  const [kind, setKind] = useState<(typeof COMPONENT_KINDS)[number] | null>(null);
  const [port, setPort] = useState<string | null>(null);
  const [place, setPlace] = useState<string | null>(null);
  const choices = useQuery(buildChoicesQuery(component.project));
  const [archived, setArchived] = useState<boolean | null>(null);
  const { project, key, version, mayEdit } = component;
  const changed = Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = typed[name];
      return value === undefined || value === component[name] ? [] : [[name, value]];
    }),
  );
  const body = {
    ...changed,
    ...(kind === null || kind === component.kind ? {} : { kind }),
    ...(port === null || Number(port) === component.port ? {} : { port: Number(port) }),
    ...(place === null ? {} : placeChange(component, place)),
    ...(archived === null || archived === component.archived ? {} : { archived }),
  };
  const count = Object.keys(body).length;
  const discard = () => {
    setTyped({});
    setKind(null);
    setPort(null);
    setPlace(null);
    setArchived(null);
  };
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => updateComponent(project, key, { version, ...body }),
    onSuccess: (saved) => {
      client.setQueryData(componentQuery(project, key).queryKey, saved);
      void client.invalidateQueries({ queryKey: ["components", project] });
      discard();
      toast.done(t("buildSaved"), t("buildSavedText"));
    },
  });
  const problem = problemOf(error);
  const text = (name: FieldName): ReactNode => {
    const shared = {
      mono: name !== "name",
      value: typed[name] ?? component[name],
      readOnly: !mayEdit,
    };
    return name === "buildCommand" ? (
      <Textarea
        {...shared}
        rows={2}
        onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
      />
    ) : (
      <Input {...shared} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
    );
  };
  return (
    <>
      <Page className="flex-1 pt-4!">
        <Card>
          <CardHeader title={t("buildSettings")} hint={mayEdit ? t("buildHint") : t("membersEdit")} />
          <CardBody className="grid max-w-4xl gap-x-6 gap-y-4 sm:grid-cols-2">
            {FIELDS.map((name) => (
              <Field
                key={name}
                label={t(`field.${name}`)}
                hint={t.has(`fieldHint.${name}`) ? t(`fieldHint.${name}`) : undefined}
                className={WIDE.includes(name) ? "sm:col-span-2" : undefined}
              >
                {text(name)}
              </Field>
            ))}
            <Field label={projects("kind")}>
              <Select
                disabled={!mayEdit}
                value={kind ?? COMPONENT_KINDS.find((one) => one === component.kind) ?? "service"}
                onChange={setKind}
                options={COMPONENT_KINDS.map((value) => ({ value, label: projects(`kinds.${value}`) }))}
              />
            </Field>
            <Field label={projects("port")} hint={t("portHint")}>
              <Input
                mono
                inputMode="numeric"
                readOnly={!mayEdit}
                value={port ?? String(component.port)}
                onChange={(event) => setPort(event.target.value.replace(/\D/g, ""))}
              />
            </Field>
            <BuildPlace
              component={component}
              choices={choices.data?.items ?? []}
              value={place}
              onChange={setPlace}
            />
            <div className="sm:col-span-2">
              <Switch
                checked={archived ?? component.archived}
                disabled={!mayEdit}
                label={projects("archived")}
                hint={t("archivedHint")}
                onChange={setArchived}
              />
            </div>
          </CardBody>
        </Card>
        <Card>
          <CardHeader title={t("where")} />
          <CardBody>
            <DescriptionList
              items={[
                { term: t("registry"), detail: <span className="font-mono">{component.registry}</span> },
                {
                  term: t("imageRepository"),
                  detail: <span className="font-mono break-all">{component.imageRepository}</span>,
                },
              ]}
            />
          </CardBody>
        </Card>
      </Page>
      {count > 0 && (
        <SaveBar
          problem={problem}
          save={t("saveBuild")}
          saving={isPending}
          onSave={() => mutate()}
          onDiscard={() => {
            discard();
            reset();
          }}
        >
          <b>{t("changes", { count })}</b>
          <span className="text-fg-3 max-sm:hidden">{t("buildSavedText")}</span>
        </SaveBar>
      )}
    </>
  );
}
