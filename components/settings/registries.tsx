"use client";

import { useQuery } from "@tanstack/react-query";
import { Package } from "lucide-react";
import { useTranslations } from "next-intl";
import { checkRegistry, registriesQuery } from "#lib/registries/client.ts";
import { RegistryForm } from "./registries-form.tsx";
import { code, ServerCard } from "./server-card.tsx";
import { ServerList } from "./server-list.tsx";

/** Image registries with what their last check found. */
export function Registries() {
  const t = useTranslations("settings");
  return (
    <ServerList
      noun="registry"
      icon={<Package aria-hidden />}
      result={useQuery(registriesQuery())}
      form={(known, close) => <RegistryForm known={known} onClose={close} />}
      card={(registry, edit) => (
        <ServerCard
          server={registry}
          texts="settings.registry"
          check={checkRegistry}
          queryKey={registriesQuery().queryKey}
          onEdit={edit}
          facts={[
            { term: t("registry.url"), detail: code(registry.url) },
            { term: t("registry.kind"), detail: t(`registry.kinds.${registry.kind}`) },
            {
              term: t("registry.username"),
              detail: registry.username === null ? t("registry.anonymous") : code(registry.username),
            },
            { term: t("usedBy"), detail: t("components", { count: registry.components }) },
          ]}
        />
      )}
    />
  );
}
