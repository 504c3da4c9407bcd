import Link from "next/link";
import { useTranslations } from "next-intl";
import { Copyable } from "#components/ui/copyable.tsx";
import { shortCommit } from "#components/ui/text.ts";

export const commitHref = (project: string, component: string, commit: string) =>
  `/projects/${encodeURIComponent(project)}/components/${encodeURIComponent(component)}/commits/${commit}`;

/** A commit that leads to what is known of it, beside a button that copies it whole. */
export function CommitLink({
  project,
  component,
  commit,
}: {
  project: string;
  component: string;
  commit: string;
}) {
  const t = useTranslations("commits");
  return (
    <Copyable
      text={commit}
      label={t("commit")}
      shown={
        <Link href={commitHref(project, component, commit)} className="hover:text-accent hover:underline">
          {shortCommit(commit)}
        </Link>
      }
    />
  );
}
