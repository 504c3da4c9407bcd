"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Copyable } from "#components/ui/copyable.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { keptRetentionQuery } from "#lib/kept-images/client.ts";

/** What to enter in the form of each Harbor project's tag retention, field by field as the form has them. */
export function RetentionRules() {
  const t = useTranslations("keptImages.cleanup.rule");
  const { data, error } = useQuery(keptRetentionQuery());
  const problem = problemOf(error);
  if (problem !== null) return <ProblemAlert problem={problem} />;
  return data?.items.map(({ registry, registryName, project, images, repositories, tags }) => (
    <section
      key={`${registry} ${project}`}
      aria-label={`${registryName} ${project}`}
      className="flex min-w-0 flex-col gap-1.5 rounded-md border border-line px-3 py-2.5"
    >
      <h4 className="font-medium">
        {t("of", { registry: registryName, project })}{" "}
        <span className="font-normal text-fg-3">{t("images", { count: images })}</span>
      </h4>
      <DescriptionList
        className="max-sm:grid-cols-1 max-sm:gap-y-0.5"
        items={[
          {
            key: "repositories",
            term: t("repositories"),
            detail: <Copyable text={repositories} label={t("repositories")} />,
          },
          { key: "retain", term: t("retain"), detail: t("always") },
          { key: "tags", term: t("tags"), detail: <Copyable text={tags} label={t("tags")} /> },
          { key: "untagged", term: t("untagged"), detail: t("ticked") },
        ]}
      />
    </section>
  ));
}
