import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { FreezesCard } from "#components/freezes/freezes-card.tsx";
import { ImagePolicies } from "#components/policies/image-policies.tsx";
import { BuildServers } from "#components/settings/build-servers.tsx";
import { Clusters } from "#components/settings/clusters.tsx";
import { Environments } from "#components/settings/environments.tsx";
import { People } from "#components/settings/people.tsx";
import { Registries } from "#components/settings/registries.tsx";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { SigningKeys } from "#components/settings/signing-keys.tsx";
import { SourceHosts } from "#components/settings/source-hosts.tsx";
import { SETTINGS_TABS } from "#components/settings/tabs.ts";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page as PageBody } from "#components/ui/page.tsx";
import { can } from "#lib/access/policy.ts";
import { requireUser } from "#lib/access/session.ts";
import { buildServersQuery } from "#lib/build-servers/client.ts";
import { listBuildServers } from "#lib/build-servers/queries.ts";
import { clustersQuery } from "#lib/clusters/client.ts";
import { listClusters } from "#lib/clusters/queries.ts";
import { environmentsQuery } from "#lib/environments/client.ts";
import { listEnvironments } from "#lib/environments/queries.ts";
import { freezesQuery } from "#lib/freezes/client.ts";
import { listFreezes } from "#lib/freezes/queries.ts";
import { freezeQuerySchema } from "#lib/freezes/schema.ts";
import { imagePoliciesQuery } from "#lib/image-policies/client.ts";
import { listImagePolicies } from "#lib/image-policies/queries.ts";
import { registriesQuery } from "#lib/registries/client.ts";
import { listRegistries } from "#lib/registries/queries.ts";
import { signingKeysQuery } from "#lib/signing-keys/client.ts";
import { listSigningKeys } from "#lib/signing-keys/queries.ts";
import { sourceHostsQuery } from "#lib/source-hosts/client.ts";
import { listSourceHosts } from "#lib/source-hosts/queries.ts";
import { usersQuery } from "#lib/users/client.ts";
import { listUsers } from "#lib/users/service.ts";

type Params = {
  params: Promise<{ tab: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Params) {
  const { tab } = await params;
  const t = await getTranslations("settings");
  return { title: t.has(`tab.${tab}`) ? t(`tab.${tab}`) : t("title") };
}

export default async function Page({ params, searchParams }: Params) {
  const [{ tab: wanted }, { q }] = await Promise.all([params, searchParams]);
  const actor = await requireUser(`/settings/${wanted}`);
  const administers = can(actor.rights, "platform.manage");
  // The account is the front page of the settings.
  if (wanted === "account" || wanted === "profile") redirect("/settings");
  const tab = SETTINGS_TABS.find(({ name, admin }) => name === wanted && (administers || !admin))?.name;
  if (tab === undefined) notFound();
  const t = await getTranslations("settings");
  const client = new QueryClient();
  const environments = await listEnvironments();
  const search = typeof q === "string" ? q.slice(0, 100) : "";
  switch (tab) {
    case "freezes":
      client.setQueryData(freezesQuery().queryKey, await listFreezes(actor, freezeQuerySchema.parse({})));
      break;
    case "people":
      client.setQueryData(usersQuery(search).queryKey, {
        pages: [await listUsers(actor, { limit: 50, ...(search ? { q: search } : {}) })],
        pageParams: [""],
      });
      break;
    case "environments":
      client.setQueryData(environmentsQuery().queryKey, environments);
      client.setQueryData(imagePoliciesQuery().queryKey, await listImagePolicies());
      break;
    case "clusters":
      client.setQueryData(clustersQuery().queryKey, await listClusters(actor));
      break;
    case "build-servers":
      client.setQueryData(buildServersQuery().queryKey, await listBuildServers(actor));
      break;
    case "source-hosts":
      client.setQueryData(sourceHostsQuery().queryKey, await listSourceHosts(actor));
      break;
    case "registries":
      client.setQueryData(registriesQuery().queryKey, await listRegistries(actor));
      break;
    case "signing-keys":
      client.setQueryData(signingKeysQuery().queryKey, await listSigningKeys());
  }
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title"), href: "/settings" }, { label: t(`tab.${tab}`) }]} />
      <PageBody>
        <SettingsTabs current={tab} administers={administers} />
        {tab === "freezes" && (
          <FreezesCard environments={environments.items.map(({ key }) => key)} mayCreate={administers} />
        )}
        {tab === "people" && <People me={actor.username} />}
        {tab === "environments" && (
          <>
            <Environments />
            <ImagePolicies />
          </>
        )}
        {tab === "clusters" && <Clusters />}
        {tab === "build-servers" && <BuildServers />}
        {tab === "source-hosts" && <SourceHosts />}
        {tab === "registries" && <Registries />}
        {tab === "signing-keys" && <SigningKeys />}
      </PageBody>
    </HydrationBoundary>
  );
}
