"use client";

import { useQuery } from "@tanstack/react-query";
import { Server } from "lucide-react";
import { useTranslations } from "next-intl";
import { checkCluster, clustersQuery } from "#lib/clusters/client.ts";
import { ClusterForm } from "./clusters-form.tsx";
import { code, ServerCard } from "./server-card.tsx";
import { ServerList } from "./server-list.tsx";

/** Clusters with what their last check found. */
export function Clusters() {
  const t = useTranslations("settings");
  return (
    <ServerList
      noun="cluster"
      icon={<Server aria-hidden />}
      result={useQuery(clustersQuery())}
      form={(known, close) => <ClusterForm known={known} onClose={close} />}
      card={(cluster, edit) => (
        <ServerCard
          server={cluster}
          texts="settings.cluster"
          check={checkCluster}
          queryKey={clustersQuery().queryKey}
          onEdit={edit}
          facts={[
            { term: t("cluster.server"), detail: code(cluster.server) },
            {
              term: t("credential"),
              detail: t(cluster.hasCredential ? "credentialStored" : "credentialNone"),
            },
            { term: t("cluster.targets"), detail: cluster.targets },
          ]}
        />
      )}
    />
  );
}
