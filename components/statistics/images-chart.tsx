"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Segmented } from "#components/ui/choice.tsx";
import type { Statistics } from "#lib/statistics/client.ts";
import { Bars } from "./bars.tsx";
import { ChartPanel } from "./panel.tsx";
import { stack, sum, toCsv } from "./series.ts";
import { SeriesTable } from "./series-table.tsx";

const GROUPS = ["projects", "components"] as const;

/** Images published a day, by project or by component. The file has both names in every line. */
export function ImagesChart({
  days,
  images,
  first,
  environment,
  nameOf,
}: {
  days: string[];
  images: Statistics["images"];
  first: (typeof GROUPS)[number];
  environment: string | undefined;
  /** Name of a project by its key. */
  nameOf: (project: string) => string;
}) {
  const t = useTranslations("statistics");
  const [group, setGroup] = useState(first);
  const one = new Set(images.components.map(({ project }) => project)).size <= 1;
  const others = t("others");
  const componentName = (row: (typeof images.components)[number]) =>
    row.component === null ? others : one ? row.component : `${row.project} / ${row.component}`;
  const rows =
    group === "projects"
      ? images.projects.map(({ day, project, images: count }) => ({
          day,
          name: project === null ? others : nameOf(project),
          count,
        }))
      : images.components.map((row) => ({ day: row.day, name: componentName(row), count: row.images }));
  const stacks = stack(days, rows, 4, others);
  const all = sum(stacks.values.flat());
  return (
    <ChartPanel
      title={t("images")}
      hint={
        environment === undefined
          ? t("imagesHint", { count: all })
          : t("imagesHintIn", { count: all, environment })
      }
      empty={all === 0}
      file="images"
      tools={
        <Segmented
          label={t("imagesGroup")}
          value={group}
          onChange={setGroup}
          options={GROUPS.map((value) => ({ value, label: t(`groups.${value}`) }))}
        />
      }
      csv={() =>
        toCsv(
          ["day", "project", "component", "images"],
          images.components.map((row) => [row.day, row.project, row.component, row.images]),
        )
      }
      chart={
        <Bars
          stacks={stacks}
          label={t("imagesLabel", { count: all, days: days.length })}
          unit={t("imageUnit")}
        />
      }
      table={
        <SeriesTable
          stacks={stacks}
          head={{ name: t(`groups.${group}`), count: t("imageCount"), more: t("share") }}
          more={(count) => count / Math.max(1, all)}
        />
      }
    />
  );
}
