"use client";

import { Info, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { TemplateDto } from "#lib/templates/schema.ts";

/** Which components render it, and what saving means for them. */
export function TemplateUsage({ template }: { template: TemplateDto }) {
  const t = useTranslations("templates.usage");
  const { usedBy, environment } = template;
  return (
    <Card>
      <CardHeader title={t("title")} hint={t("count", { count: usedBy.length })} />
      <ul className="flex flex-wrap gap-2 px-3.5 py-3">
        {usedBy.map(({ project, component }) => (
          <li key={`${project}/${component}`}>
            <Link href={`/projects/${project}/components/${component}`} className="hover:text-accent">
              <Tag>
                {project} / {component} · {environment}
              </Tag>
            </Link>
          </li>
        ))}
        {usedBy.length === 0 && <li className="text-fg-2">{t("none")}</li>}
      </ul>
      <p className="flex items-center gap-2 px-3.5 pb-1 text-wait">
        <TriangleAlert aria-hidden />
        {t("approvals")}
      </p>
      <p className="flex items-center gap-2 px-3.5 pb-3 text-fg-2">
        <Info aria-hidden />
        {t("nothing")}
      </p>
    </Card>
  );
}
