"use client";

import { useQuery } from "@tanstack/react-query";
import { Package, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmAction } from "#components/forms/confirm-action.tsx";
import { Button } from "#components/ui/button.tsx";
import { checkRegistry, deleteRegistry, registriesQuery } from "#lib/registries/client.ts";
import type { RegistryDto } from "#lib/registries/schema.ts";
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
            { term: t("usedBy"), detail: <Uses uses={registry.uses} /> },
          ]}
          actions={<RemoveRegistry registry={registry} />}
        />
      )}
    />
  );
}

/** Everything that needs a registry; the names are in the tooltip where a number stands for them. */
function Uses({ uses }: { uses: RegistryDto["uses"] }) {
  const t = useTranslations("settings.registry.uses");
  const { components, environments, bases, keptImages, policies } = uses;
  const parts = [
    { of: "components", count: components.length, names: components },
    { of: "environments", count: environments.length, names: environments },
    { of: "bases", count: bases.length, names: bases },
    { of: "keptImages", count: keptImages, names: [] },
    { of: "policies", count: policies.length, names: policies },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return t("none");
  return (
    <ul className="flex flex-wrap gap-x-3">
      {parts.map(({ of, count, names }) => (
        <li key={of} title={names.join(", ") || undefined}>
          {t(of, { count, names: names.join(", ") })}
        </li>
      ))}
    </ul>
  );
}

/** Forgets a registry; what still needs it is told where it is refused. */
function RemoveRegistry({ registry: { key, name } }: { registry: RegistryDto }) {
  const t = useTranslations("settings.registry");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" icon={<Trash2 aria-hidden />} onClick={() => setOpen(true)}>
        {t("remove")}
      </Button>
      {open && (
        <ConfirmAction
          title={t("removeTitle", { name })}
          what={t("removeText")}
          confirm={t("remove")}
          save={() => deleteRegistry(key)}
          refreshes={[registriesQuery().queryKey]}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
