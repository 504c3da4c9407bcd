import { dehydrate, HydrationBoundary, type QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import type { Named } from "#lib/components/choices.ts";

/** A page with a list that may be of one project: what the server has read for it, and where the reader is. */
export function FilteredList({
  client,
  title,
  projects,
  chosen,
  children,
}: {
  client: QueryClient;
  title: string;
  projects: Named[];
  /** Key of the project that the list is of. */
  chosen: string | undefined;
  children: ReactNode;
}) {
  const project = projects.find(({ key }) => key === chosen);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ServerNowProvider now={new Date().toISOString()}>
        <PageBreadcrumb
          items={[
            ...(project ? [{ label: project.name, href: `/projects/${project.key}` }] : []),
            { label: title },
          ]}
        />
        <Page>{children}</Page>
      </ServerNowProvider>
    </HydrationBoundary>
  );
}
