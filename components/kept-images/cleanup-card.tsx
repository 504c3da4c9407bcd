"use client";

import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { KEEP_LABEL } from "#lib/kept-images/reason-schema.ts";

/** How a registry's cleanup is told what to spare. `origin`: of this portal, e.g. `https://refract.example.com`. */
export function CleanupCard({ origin, registries }: { origin: string; registries: string[] }) {
  const t = useTranslations("keptImages");
  const registry = registries[0] ?? "registry";
  const address = `${origin}/api/v1/kept-images/digests?registry=${encodeURIComponent(registry)}`;
  const command = `curl -fsS -H "Authorization: Bearer $REFRACT_TOKEN" "${address}" -o keep.txt`;
  return (
    <Card>
      <CardHeader title={t("cleanup.title")} />
      <CardBody className="flex flex-col gap-4">
        <section className="flex flex-col gap-1">
          <h3>Harbor</h3>
          <p className="text-fg-2">{t("cleanup.harbor", { label: KEEP_LABEL })}</p>
        </section>
        <section className="flex min-w-0 flex-col gap-1.5">
          <h3>{t("cleanup.others")}</h3>
          <p className="text-fg-2">{t("cleanup.othersText")}</p>
          <div className="min-w-0 rounded-md border border-line bg-sunken px-3 py-2">
            <Copyable text={command} label={t("cleanup.command")} />
          </div>
          <p className="text-sm text-fg-3">{t("cleanup.careful")}</p>
        </section>
      </CardBody>
    </Card>
  );
}
