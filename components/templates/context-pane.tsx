"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Copyable } from "#components/ui/copyable.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { configQuery } from "#lib/components/client.ts";

function Row({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 py-1">
      <Copyable text={`{{ ${name} }}`} shown={name} label={name} className="text-sm" />
      <span className="max-w-28 truncate text-right font-mono text-sm text-fg-2">{value}</span>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="border-b border-line pt-3 pb-1 text-sm text-fg-3">{title}</h3>
      {children}
    </section>
  );
}

/** What the template can name, with the values that this component has in this environment. */
export function ContextPane({
  project,
  component,
  environment,
}: {
  project: string;
  component: string;
  environment: string;
}) {
  const t = useTranslations("templates.context");
  const { data: config, isPending } = useQuery(configQuery({ project, component, environment }));
  const wait = isPending ? <Skeleton className="w-12" /> : "";
  const variables = Object.entries(config?.variables ?? {});
  return (
    <div className="grid gap-x-8 px-3.5 pb-3.5 md:max-2xl:grid-cols-2 xl:max-2xl:grid-cols-4">
      <Group title={t("scale")}>
        <Row name="replicas" value={config?.replicas ?? wait} />
        <Row name="resources.requests.cpu" value={config?.cpuRequest ?? wait} />
        <Row name="resources.limits.cpu" value={config?.cpuLimit ?? wait} />
        <Row name="resources.requests.memory" value={config?.memoryRequest ?? wait} />
        <Row name="resources.limits.memory" value={config?.memoryLimit ?? wait} />
      </Group>
      <Group title={t("component")}>
        <Row name="component.key" value={component} />
        <Row name="component.port" value="" />
        <Row name="component.kind" value="" />
        <Row name="image" value={t("image")} />
      </Group>
      <Group title={t("variables")}>
        <Row name="variables" value={t("count", { count: variables.length })} />
        {variables.map(([name, value]) => (
          <Row key={name} name={`variables.${name}`} value={<span title={value}>{value}</span>} />
        ))}
        <Row name="secrets" value={t("count", { count: config?.secrets.length ?? 0 })} />
        <Row name="secretName" value={config === undefined || config.secrets.length > 0 ? "" : t("none")} />
        <Row name="configChecksum" value="" />
      </Group>
      <Group title={t("place")}>
        <Row name="project" value={project} />
        <Row name="environment" value={environment} />
        <Row name="release.number" value="" />
        <Row name="target.cluster" value="" />
        <Row name="target.namespace" value="" />
      </Group>
      <p className="col-span-full mt-3 text-sm text-fg-2">{t("text")}</p>
    </div>
  );
}
