"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Segmented } from "#components/ui/choice.tsx";
import { Select } from "#components/ui/select.tsx";
import type { StatisticsFilter } from "#lib/statistics/client.ts";

export const RANGES = ["7", "30", "90", "365"] as const;

/** What can be chosen; a component belongs to the project that is chosen. */
export type Choices = Record<"projects" | "components" | "environments", { key: string; name: string }[]>;

/** Project, component, environment and period, kept in the address. Every figure and file of the page honours them. */
export function FilterBar({
  filter,
  choices,
  days,
}: {
  filter: StatisticsFilter;
  choices: Choices;
  /** The days of the period, YYYY-MM-DD. */
  days: readonly string[];
}) {
  const t = useTranslations("statistics");
  const router = useRouter();
  const { project = "", component = "", environment = "" } = filter;
  const go = (change: Record<string, string>) => {
    const wanted = { project, component, environment, days: String(filter.days), ...change };
    router.replace(
      `/statistics?${new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== ""))}`,
    );
  };
  const options = (all: string, rows: Choices["projects"]) => [
    { value: "", label: all },
    ...rows.map(({ key, name }) => ({ value: key, label: name, ...(name === key ? {} : { hint: key }) })),
  ];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        label={t("project")}
        prefix={t("project")}
        className="w-auto! min-w-44 max-w-72"
        value={project}
        onChange={(key) => go({ project: key, component: "" })}
        options={options(t("allProjects"), choices.projects)}
      />
      <Select
        label={t("component")}
        prefix={t("component")}
        className="w-auto! min-w-40 max-w-72"
        disabled={project === ""}
        value={component}
        onChange={(key) => go({ component: key })}
        options={options(t(project === "" ? "projectFirst" : "allComponents"), choices.components)}
      />
      <Select
        label={t("environment")}
        prefix={t("environment")}
        className="w-auto! min-w-36 max-w-72"
        value={environment}
        onChange={(key) => go({ environment: key })}
        options={options(t("allEnvironments"), choices.environments)}
      />
      <Segmented
        label={t("range")}
        value={RANGES.find((value) => Number(value) === filter.days) ?? null}
        onChange={(value) => go({ days: value })}
        options={RANGES.map((value) => ({ value, label: t(`ranges.d${value}`) }))}
      />
      <span className="whitespace-nowrap text-fg-3">
        {days[0]} – {days.at(-1)}
      </span>
    </div>
  );
}
