import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTranslations } from "next-intl/server";
import { Profile } from "#components/settings/profile.tsx";
import { SettingsTabs } from "#components/settings/settings-tabs.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page as PageBody } from "#components/ui/page.tsx";
import { can } from "#lib/access/policy.ts";
import { requireUser } from "#lib/access/session.ts";
import { loadShell } from "#lib/shell/queries.ts";
import { tokensQuery } from "#lib/tokens/client.ts";
import { listTokens } from "#lib/tokens/service.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("settings"))("title") };
}

export default async function Page() {
  const actor = await requireUser("/settings");
  const [t, shell, tokens] = await Promise.all([
    getTranslations("settings"),
    loadShell(actor),
    listTokens(actor),
  ]);
  const client = new QueryClient();
  client.setQueryData(tokensQuery().queryKey, tokens);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title") }]} />
      <PageBody>
        <SettingsTabs current="profile" administers={can(actor.rights, "platform.manage")} />
        <Profile
          me={{
            username: actor.username,
            displayName: actor.displayName,
            globalRoles: [...actor.rights.globalRoles],
            projects: shell.projects.filter(({ roles }) => roles.length > 0),
          }}
        />
      </PageBody>
    </HydrationBoundary>
  );
}
