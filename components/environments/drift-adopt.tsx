"use client";

import { useQuery } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { adoptableQuery, type LivePlace } from "#lib/live/client.ts";
import type { LiveTarget } from "./live-model.ts";

/**
 * The other way out of a drift: where the config owns what was changed, its editor with the live values typed in. There
 * it is a change like any other, saved by whoever may. Nothing for fields that no config owns.
 */
export function DriftAdopt({
  place,
  target,
  object,
}: {
  place: LivePlace;
  target: LiveTarget;
  object: string;
}) {
  const t = useTranslations("live.drift");
  const sizes = useTranslations("components.size");
  const changed = target.drift.filter(({ kind }) => kind === "changed");
  const drifted = changed.map((one) => `${one.object} ${one.field}=${one.actual}`).join();
  const { data } = useQuery({ ...adoptableQuery(place, target, drifted), enabled: changed.length > 0 });
  const items = data?.items.filter((item) => item.object === object) ?? [];
  const [first] = items;
  if (data === undefined || first === undefined) return null;
  const query = new URLSearchParams({ environment: place.environment });
  for (const { name, value } of items) query.set(name, value);
  const what = items.map(({ name, value }) => `${sizes(name)} ${value}`).join(t("comma"));
  return (
    <span className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1">
      {items.every(({ saved }) => saved) ? (
        <span className="text-sm text-fg-2">{t("adopted", { what })}</span>
      ) : (
        <>
          <Button
            size="small"
            icon={<SlidersHorizontal aria-hidden />}
            disabled={!data.mayEdit}
            title={t("adoptText")}
            reason={data.mayEdit ? undefined : t("mayNotAdopt")}
            {...(data.mayEdit
              ? { href: `/projects/${place.project}/components/${first.component}?${query}` }
              : {})}
          >
            {t("adopt")}
          </Button>
          <span className="text-sm text-fg-2">{what}</span>
        </>
      )}
    </span>
  );
}
