import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card } from "#components/ui/card.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";

/** A release order belongs to one project. */
export function ChooseProject({ projects }: { projects: { key: string; name: string }[] }) {
  const t = useTranslations("releases.form");
  return (
    <Page>
      <PageHeader title={t("title")} meta={t("chooseProject")} />
      <Card>
        {projects.length === 0 && <EmptyState title={t("noProjects")} />}
        <ul>
          {projects.map(({ key, name }) => (
            <li key={key} className="border-t border-line first:border-0">
              <Link
                href={`/releases/new?project=${encodeURIComponent(key)}`}
                className="flex min-h-10 items-center gap-3 px-3.5 hover:bg-hover"
              >
                <span className="font-medium">{name}</span>
                <span className="font-mono text-[0.93em] text-fg-3">{key}</span>
                <ChevronRight aria-hidden className="ml-auto text-fg-3" />
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}
