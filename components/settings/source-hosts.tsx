"use client";

import { useQuery } from "@tanstack/react-query";
import { GitBranch } from "lucide-react";
import { useTranslations } from "next-intl";
import { checkSourceHost, sourceHostsQuery } from "#lib/source-hosts/client.ts";
import { code, ServerCard } from "./server-card.tsx";
import { ServerList } from "./server-list.tsx";
import { SourceHostForm } from "./source-hosts-form.tsx";

/** Git hosts with their credentials' kinds and what their last check found. */
export function SourceHosts() {
  const t = useTranslations("settings");
  return (
    <ServerList
      noun="sourceHost"
      icon={<GitBranch aria-hidden />}
      result={useQuery(sourceHostsQuery())}
      form={(known, close) => <SourceHostForm known={known} onClose={close} />}
      card={(host, edit) => (
        <ServerCard
          server={host}
          check={checkSourceHost}
          queryKey={sourceHostsQuery().queryKey}
          onEdit={edit}
          facts={[
            { term: t("sourceHost.host"), detail: code(host.host) },
            { term: t("credential"), detail: t(`sourceHost.kind.${host.credentialKind}`) },
            ...(host.username === null
              ? []
              : [{ term: t("sourceHost.username"), detail: code(host.username) }]),
            { term: t("usedBy"), detail: t("components", { count: host.components }) },
          ]}
        />
      )}
    />
  );
}
