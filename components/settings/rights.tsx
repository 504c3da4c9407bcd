"use client";

import { useTranslations } from "next-intl";
import { Tag } from "#components/ui/tag.tsx";

/** An account without any rights lacks a hundred: the YAML has them all. */
const SHOWN = 12;

/** Which rights an account lacks, and where. */
export function Rights({
  finding: { namespace, missing = [] },
}: {
  finding: { namespace?: string; missing?: string[] };
}) {
  const t = useTranslations("settings");
  return (
    <>
      {namespace !== undefined && <span className="mr-2 font-mono">{namespace}</span>}
      <span className="text-fg-2">
        {missing.length === 0 ? t("cluster.complete") : t("cluster.missing", { count: missing.length })}
      </span>
      <span className={missing.length === 0 ? "hidden" : "mt-1 flex flex-wrap gap-1"}>
        {missing.slice(0, SHOWN).map((right) => (
          <Tag key={right} mono>
            {right}
          </Tag>
        ))}
        {missing.length > SHOWN && <Tag>+{missing.length - SHOWN}</Tag>}
      </span>
    </>
  );
}
