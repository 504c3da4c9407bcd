"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Hammer, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { buildServersQuery, checkBuildServer, createBuildServer } from "#lib/build-servers/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { ServerCard } from "./server-card.tsx";

const FIELDS = ["key", "name", "url", "username", "token", "jobName"] as const;

function CreateBuildServerDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const [form, setForm] = useState({
    key: "",
    name: "",
    url: "",
    username: "",
    token: "",
    jobName: "refract-build",
  });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => createBuildServer(form),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: buildServersQuery().queryKey });
      props.onOpenChange(false);
    },
  });
  return (
    <FormDialog
      {...props}
      title={t("buildServer.add")}
      description={t("buildServer.addText")}
      submit={t("register")}
      ready={Object.values(form).every((value) => value !== "")}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map((name) => (
          <Field key={name} label={t(name === "key" || name === "name" ? name : `buildServer.${name}`)}>
            <Input
              mono={name !== "name"}
              type={name === "token" ? "password" : "text"}
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

/** Build servers; a check looks at the job and its parameters too. */
export function BuildServers() {
  const t = useTranslations("settings");
  const { data, error, isPending, refetch } = useQuery(buildServersQuery());
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
          {t("buildServer.add")}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={<Hammer aria-hidden />} title={t("buildServer.none")}>
            {t("buildServer.noneText")}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((server) => (
        <ServerCard
          key={server.key}
          name={server.name}
          code={server.key}
          check={() => checkBuildServer(server.key)}
          facts={[
            { term: t("buildServer.url"), detail: <span className="font-mono break-all">{server.url}</span> },
            { term: t("buildServer.jobName"), detail: <span className="font-mono">{server.jobName}</span> },
            { term: t("buildServer.username"), detail: <span className="font-mono">{server.username}</span> },
            { term: t("usedBy"), detail: t("components", { count: server.components }) },
          ]}
        />
      ))}
      <CreateBuildServerDialog key={String(adding)} open={adding} onOpenChange={setAdding} />
    </>
  );
}
