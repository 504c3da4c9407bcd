"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/projects/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { clustersQuery, createCluster, updateCluster } from "#lib/clusters/client.ts";
import type { ClusterDto } from "#lib/clusters/schema.ts";

/** Registers a cluster, or changes one. What is typed of a kubeconfig is sent once and never shown again. */
export function ClusterForm({ known, onClose }: { known: ClusterDto | null; onClose: () => void }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const client = useQueryClient();
  const [form, setForm] = useState({
    key: known?.key ?? "",
    name: known?.name ?? "",
    server: known?.server ?? "",
    kubeconfig: "",
    context: "",
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const { key, name, server, kubeconfig, context } = form;
  const given = kubeconfig.trim().length > 10;
  const moved = known !== null && server !== known.server;
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const credential = { kubeconfig, ...(context === "" ? {} : { context }) };
      if (known === null) return createCluster({ key, name, ...credential });
      return updateCluster(known.key, {
        version: known.version,
        name,
        ...(moved ? { server } : {}),
        ...(given ? credential : {}),
      });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: clustersQuery().queryKey });
      onClose();
    },
  });
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={known === null ? t("cluster.add") : t("cluster.edit", { key: known.key })}
      description={t(known === null ? "cluster.addText" : "cluster.editText")}
      submit={known === null ? t("register") : common("save")}
      ready={name.trim() !== "" && (known === null ? key !== "" && given : given || !moved)}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        {known === null && (
          <Field label={t("key")}>
            <Input mono value={key} onChange={(event) => set({ key: event.target.value.toLowerCase() })} />
          </Field>
        )}
        <Field label={t("name")}>
          <Input value={name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        {known !== null && (
          <Field label={t("cluster.server")} hint={t("cluster.serverHint")}>
            <Input mono value={server} onChange={(event) => set({ server: event.target.value.trim() })} />
          </Field>
        )}
        <Field label={t("cluster.context")}>
          <Input mono value={context} onChange={(event) => set({ context: event.target.value })} />
        </Field>
      </div>
      {moved && <Banner kind="wait" title={t("cluster.serverChanged")} />}
      <Field
        label={known === null ? "kubeconfig" : t("cluster.newKubeconfig")}
        hint={known === null || moved ? t("cluster.kubeconfigHint") : t("cluster.keepCredential")}
      >
        <Textarea
          mono
          rows={10}
          spellCheck={false}
          autoComplete="off"
          value={kubeconfig}
          onChange={(event) => set({ kubeconfig: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}
