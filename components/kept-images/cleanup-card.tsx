"use client";

import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { KEEP_LABEL } from "#lib/kept-images/reason-schema.ts";
import { RetentionRules } from "./retention-rules.tsx";

/**
 * How a registry's cleanup is told what to spare. `origin`: of this portal, e.g. `https://refract.example.com`;
 * `seesAll`: the reader is given the whole list.
 */
export function CleanupCard({
  origin,
  registries,
  seesAll,
}: {
  origin: string;
  registries: string[];
  seesAll: boolean;
}) {
  const t = useTranslations("keptImages.cleanup");
  const registry = registries[0] ?? "registry";
  const fetched = (path: string, file: string) =>
    `curl -fsS -H "Authorization: Bearer $REFRACT_TOKEN" "${origin}/api/v1/kept-images/${path}" -o ${file}`;
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody className="flex flex-col gap-5">
        <section className="flex min-w-0 flex-col gap-1.5">
          <h3 className="font-semibold">Harbor</h3>
          <p className="text-fg-2">{t("harbor", { label: KEEP_LABEL })}</p>
          {seesAll && <RetentionRules />}
          <p className="text-fg-2">{t("harborApi")}</p>
          <Command text={fetched("retention", "retention.json")} />
        </section>
        <section className="flex min-w-0 flex-col gap-1.5">
          <h3 className="font-semibold">{t("others")}</h3>
          <p className="text-fg-2">{t("othersText")}</p>
          <Command text={fetched(`digests?registry=${encodeURIComponent(registry)}`, "keep.txt")} />
          <p className="text-fg-2">{t("tryText")}</p>
          <Command text="grep -vxFf keep.txt all.txt" />
        </section>
        <p className="text-sm text-fg-3">{t("careful")}</p>
      </CardBody>
    </Card>
  );
}

function Command({ text }: { text: string }) {
  const t = useTranslations("keptImages.cleanup");
  return (
    <div className="min-w-0 rounded-md border border-line bg-sunken px-3 py-2">
      <Copyable text={text} label={t("command")} />
    </div>
  );
}
