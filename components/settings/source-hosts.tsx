"use client";

import { useQuery } from "@tanstack/react-query";
import { GitBranch, Webhook } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { checkSourceHost, sourceHostsQuery } from "#lib/source-hosts/client.ts";
import { code, ServerCard } from "./server-card.tsx";
import { ServerList } from "./server-list.tsx";
import { SourceHostForm } from "./source-hosts-form.tsx";
import { SourceHostWebhook } from "./source-hosts-webhook.tsx";

/** Git hosts with their credentials' kinds and what their last check found. */
export function SourceHosts() {
  const t = useTranslations("settings");
  const sources = useTranslations("sources.host");
  const hosts = useQuery(sourceHostsQuery());
  const [webhook, setWebhook] = useState(useSearchParams()?.get("webhook") ?? null);
  const shown = hosts.data?.items.find(({ key }) => key === webhook);
  return (
    <>
      <ServerList
        noun="sourceHost"
        icon={<GitBranch aria-hidden />}
        result={hosts}
        form={(known, close) => <SourceHostForm known={known} onClose={close} />}
        card={(host, edit) => (
          <ServerCard
            server={host}
            check={checkSourceHost}
            queryKey={sourceHostsQuery().queryKey}
            onEdit={edit}
            actions={
              <Button size="small" icon={<Webhook aria-hidden />} onClick={() => setWebhook(host.key)}>
                Webhook
              </Button>
            }
            facts={[
              { term: t("sourceHost.host"), detail: code(host.host) },
              { term: sources("service"), detail: sources(`services.${host.kind}`) },
              ...(host.apiUrl === null ? [] : [{ term: sources("apiUrl"), detail: code(host.apiUrl) }]),
              { term: t("credential"), detail: t(`sourceHost.kind.${host.credentialKind}`) },
              ...(host.username === null
                ? []
                : [{ term: t("sourceHost.username"), detail: code(host.username) }]),
              ...(host.projects.length === 0
                ? []
                : [{ term: sources("projects"), detail: code(host.projects.join(" ")) }]),
              { term: t("usedBy"), detail: t("components", { count: host.components }) },
              {
                term: "Webhook",
                detail: host.webhookSecret ? (
                  host.lastDeliveryAt === null ? (
                    sources("listening")
                  ) : (
                    <>
                      {sources("lastDelivery")} <TimeAgo at={host.lastDeliveryAt} />
                    </>
                  )
                ) : (
                  sources("notListening")
                ),
              },
            ]}
          />
        )}
      />
      {shown !== undefined && <SourceHostWebhook host={shown} onClose={() => setWebhook(null)} />}
    </>
  );
}
