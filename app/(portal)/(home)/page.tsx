import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTranslations } from "next-intl/server";
import { HomePage } from "#components/home/home-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { homeQuery } from "#lib/home/client.ts";
import { getHome } from "#lib/home/queries.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("home"))("title") };
}

export default async function Page() {
  const actor = await requireUser("/");
  const [t, home] = await Promise.all([getTranslations("home"), getHome(actor)]);
  const client = new QueryClient();
  client.setQueryData(homeQuery().queryKey, home);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title") }]} />
      <HomePage username={actor.username} />
    </HydrationBoundary>
  );
}
