"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { clustersQuery, createCluster, updateCluster } from "#lib/clusters/client.ts";
import type { ClusterDto } from "#lib/clusters/schema.ts";
import { CodeField, NameFields, TextField } from "./server-fields.tsx";
import { CredentialMoved, ServerForm } from "./server-form.tsx";

/** Registers a cluster, or changes one. What is typed of a kubeconfig is sent once and never shown again. */
export function ClusterForm({ known, onClose }: { known: ClusterDto | null; onClose: () => void }) {
  const t = useTranslations("settings");
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
  const save = () => {
    const credential = { kubeconfig, ...(context === "" ? {} : { context }) };
    if (known === null) return createCluster({ key, name, ...credential });
    return updateCluster(known.key, {
      version: known.version,
      name,
      ...(moved ? { server } : {}),
      ...(given ? credential : {}),
    });
  };
  return (
    <ServerForm
      noun="cluster"
      known={known}
      save={save}
      queryKey={clustersQuery().queryKey}
      ready={name.trim() !== "" && (known === null ? key !== "" && given : given || !moved)}
      size="wide"
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NameFields known={known} form={form} set={set} />
        {known !== null && (
          <TextField
            kind="code"
            label={t("cluster.server")}
            hint={t("cluster.serverHint")}
            className="sm:col-span-2"
            value={server}
            onChange={(value) => set({ server: value })}
          />
        )}
      </div>
      {moved && <CredentialMoved />}
      <CodeField
        label={known === null ? "kubeconfig" : t("cluster.newKubeconfig")}
        hint={known === null || moved ? t("cluster.kubeconfigHint") : t("keepCredential")}
        rows={10}
        value={kubeconfig}
        onChange={(value) => set({ kubeconfig: value })}
      />
      <TextField
        kind="code"
        label={t("cluster.context")}
        value={context}
        onChange={(value) => set({ context: value })}
      />
    </ServerForm>
  );
}
