"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Server } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { checkCluster, clustersQuery, createCluster } from "#lib/clusters/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { ServerCard } from "./server-card.tsx";

function CreateClusterDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const [form, setForm] = useState({ key: "", name: "", kubeconfig: "", context: "" });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const { context, ...rest } = form;
      return createCluster({ ...rest, ...(context === "" ? {} : { context }) });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: clustersQuery().queryKey });
      props.onOpenChange(false);
    },
  });
  return (
    <FormDialog
      {...props}
      size="wide"
      title={t("cluster.add")}
      description={t("cluster.addText")}
      submit={t("register")}
      ready={form.key !== "" && form.name !== "" && form.kubeconfig.length > 10}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t("key")}>
          <Input mono value={form.key} onChange={(event) => set({ key: event.target.value.toLowerCase() })} />
        </Field>
        <Field label={t("name")}>
          <Input value={form.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field label={t("cluster.context")}>
          <Input mono value={form.context} onChange={(event) => set({ context: event.target.value })} />
        </Field>
      </div>
      <Field label="kubeconfig" hint={t("cluster.kubeconfigHint")}>
        <Textarea
          mono
          rows={10}
          spellCheck={false}
          autoComplete="off"
          value={form.kubeconfig}
          onChange={(event) => set({ kubeconfig: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}

/** Clusters with what their last check found. */
export function Clusters() {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(clustersQuery());
  const [adding, setAdding] = useState(false);
  const check = async (key: string) => {
    const checked = await checkCluster(key);
    void client.invalidateQueries({ queryKey: clustersQuery().queryKey });
    return checked;
  };
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
          {t("cluster.add")}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={<Server aria-hidden />} title={t("cluster.none")}>
            {t("cluster.noneText")}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((cluster) => (
        <ServerCard
          key={cluster.key}
          name={cluster.name}
          code={cluster.key}
          stored={cluster.findings}
          checkedAt={cluster.checkedAt}
          check={() => check(cluster.key)}
          facts={[
            {
              term: t("cluster.server"),
              detail: <span className="font-mono break-all">{cluster.server}</span>,
            },
            { term: t("cluster.targets"), detail: cluster.targets },
            {
              term: t("credential"),
              detail: t(cluster.hasCredential ? "credentialStored" : "credentialNone"),
            },
          ]}
        />
      ))}
      <CreateClusterDialog key={String(adding)} open={adding} onOpenChange={setAdding} />
    </>
  );
}
