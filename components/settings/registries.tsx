"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Package, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { checkRegistry, createRegistry, registriesQuery } from "#lib/registries/client.ts";
import { ServerCard } from "./server-card.tsx";

const FIELDS = ["key", "name", "url", "username", "password"] as const;

function CreateRegistryDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const [form, setForm] = useState({ key: "", name: "", url: "", username: "", password: "" });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const { username, password, ...rest } = form;
      return createRegistry({ ...rest, ...(username === "" ? {} : { username, password }) });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: registriesQuery().queryKey });
      props.onOpenChange(false);
    },
  });
  return (
    <FormDialog
      {...props}
      title={t("registry.add")}
      description={t("registry.addText")}
      submit={t("register")}
      ready={form.key !== "" && form.name !== "" && form.url !== ""}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map((name) => (
          <Field
            key={name}
            label={t(name === "key" || name === "name" ? name : `registry.${name}`)}
            className={name === "url" ? "sm:col-span-2" : undefined}
          >
            <Input
              mono={name !== "name"}
              type={name === "password" ? "password" : "text"}
              autoComplete="off"
              value={form[name]}
              onChange={(event) => setForm({ ...form, [name]: event.target.value.trimStart() })}
            />
          </Field>
        ))}
      </div>
    </FormDialog>
  );
}

/** Image registries. */
export function Registries() {
  const t = useTranslations("settings");
  const { data, error, isPending, refetch } = useQuery(registriesQuery());
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
          {t("registry.add")}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={<Package aria-hidden />} title={t("registry.none")}>
            {t("registry.noneText")}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((registry) => (
        <ServerCard
          key={registry.key}
          name={registry.name}
          code={registry.key}
          check={() => checkRegistry(registry.key)}
          facts={[
            { term: t("registry.url"), detail: <span className="font-mono break-all">{registry.url}</span> },
            {
              term: t("registry.username"),
              detail: <span className="font-mono">{registry.username ?? t("registry.anonymous")}</span>,
            },
            { term: t("usedBy"), detail: t("components", { count: registry.components }) },
          ]}
        />
      ))}
      <CreateRegistryDialog key={String(adding)} open={adding} onOpenChange={setAdding} />
    </>
  );
}
