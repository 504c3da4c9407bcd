"use client";

import { ArrowUp, ChevronDown, ChevronRight, EqualNot, Search, Shield, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type CSSProperties, Fragment, useMemo, useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { useUrlParams } from "#components/ui/use-url-params.ts";
import type { MatrixProjectDto } from "#lib/home/schema.ts";
import { MatrixCell } from "./matrix-cell.tsx";
import { columnsOf, differs, filterMatrix, hasProblem, type MatrixColumn } from "./matrix-model.ts";
import { PlaceMarks } from "./place-marks.tsx";
import { to } from "./release-number.ts";

function Head({ columns }: { columns: MatrixColumn[] }) {
  const t = useTranslations("home");
  return (
    <thead>
      <tr>
        <th scope="col" className="text-fg-3">
          {t("component")}
        </th>
        {columns.map(({ key, name, kind }, index) => {
          const last = index === columns.length - 1;
          return (
            <th key={key} scope="col" className={last ? "matrix-last" : undefined}>
              <span className="flex items-center gap-2">
                <b title={name}>{key}</b>
                <Tag icon={last && kind === "controlled" ? <Shield aria-hidden /> : undefined}>
                  {t(kind === "open" ? "open" : "controlled")}
                </Tag>
              </span>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function ProjectRows({
  project,
  columns,
  now,
}: {
  project: MatrixProjectDto;
  columns: MatrixColumn[];
  now: string;
}) {
  const t = useTranslations("home");
  const [open, setOpen] = useState(true);
  const Chevron = open ? ChevronDown : ChevronRight;
  const look = (index: number) => (index === columns.length - 1 ? "matrix-last" : undefined);
  return (
    <tbody>
      <tr className="matrix-group">
        <th scope="rowgroup">
          <span className="flex items-center gap-1.5">
            <button
              type="button"
              aria-expanded={open}
              aria-label={t("foldProject", { name: project.name })}
              onClick={() => setOpen(!open)}
              className="-ml-0.5 text-fg-3 hover:text-fg"
            >
              <Chevron aria-hidden />
            </button>
            <Link
              href={to.project(project.key)}
              title={project.name}
              className="truncate font-semibold hover:text-accent"
            >
              {project.name}
            </Link>
            <span className="text-sm font-normal text-fg-3">{project.components.length}</span>
          </span>
        </th>
        {columns.map(({ key }, index) => (
          <td key={key} className={look(index)}>
            <PlaceMarks place={project.environments.find((place) => place.key === key)} />
          </td>
        ))}
      </tr>
      {open &&
        project.components.map((component) => (
          <tr key={component.key}>
            <th scope="row" className="matrix-component">
              <Link
                href={to.component(project.key, component.key)}
                title={`${component.name} (${component.key})`}
                className="block truncate hover:text-accent"
              >
                {component.key}
              </Link>
            </th>
            {columns.map(({ key }, index) => {
              const cell = component.cells.find(({ environment }) => environment === key);
              return (
                <td key={key} className={look(index)}>
                  {cell === undefined ? (
                    <span className="px-3 text-fg-3" title={t("notOnPath")}>
                      –
                    </span>
                  ) : (
                    <MatrixCell project={project.key} component={component} cell={cell} now={now} />
                  )}
                </td>
              );
            })}
          </tr>
        ))}
    </tbody>
  );
}

/** Versions by component and environment. Silence means healthy: an eye running down a column meets only exceptions. */
export function Matrix({ projects, now }: { projects: MatrixProjectDto[]; now: string }) {
  const t = useTranslations("home");
  const [params, setParams] = useUrlParams();
  const [text, setText] = useState("");
  const only = (["differing", "problems"] as const).find((name) => name === params.get("only")) ?? "all";
  const project = params.get("of") ?? "";
  const columns = useMemo(() => columnsOf(projects), [projects]);
  const shown = filterMatrix(projects, { only, text, project });
  const components = projects.flatMap((one) => one.components);
  const style: CSSProperties & { "--columns": number } = { "--columns": columns.length };
  const toggle = (name: "differing" | "problems") => setParams({ only: only === name ? "" : name });
  return (
    <Card>
      <CardHeader title={t("versions")}>
        <span className="ml-auto hidden flex-wrap justify-end gap-x-3.5 text-sm text-fg-3 lg:flex">
          <span>{t("legend.silent")}</span>
          <StateBadge size="small" state="held" text={t("legend.held")} className="font-normal" />
          <StateBadge size="small" state="failed" text={t("legend.failed")} className="font-normal" />
          <span className="inline-flex items-center gap-1">
            <ArrowUp aria-hidden className="size-[13px]!" />
            {t("legend.behind")}
          </span>
        </span>
      </CardHeader>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2">
        {projects.length > 1 && (
          <Select
            small
            label={t("project")}
            className="w-auto!"
            value={project}
            onChange={(of) => setParams({ of })}
            options={[
              { value: "", label: t("myProjects", { count: projects.length }) },
              ...projects.map(({ key, name }) => ({ value: key, label: name })),
            ]}
          />
        )}
        <button
          type="button"
          className="toggle"
          aria-pressed={only === "differing"}
          onClick={() => toggle("differing")}
        >
          <EqualNot aria-hidden />
          {t("onlyDiffering")}
          <span className="text-fg-3">{components.filter(differs).length}</span>
        </button>
        <button
          type="button"
          className="toggle"
          aria-pressed={only === "problems"}
          onClick={() => toggle("problems")}
        >
          <TriangleAlert aria-hidden />
          {t("onlyProblems")}
          <span className="text-fg-3">{components.filter(hasProblem).length}</span>
        </button>
        <Input
          small
          icon={<Search aria-hidden />}
          className="ml-auto w-48! max-sm:w-full!"
          aria-label={t("find")}
          placeholder={t("find")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState title={t("noMatch")}>{t("noMatchText")}</EmptyState>
      ) : (
        <div className="matrix-scroll rounded-b-lg">
          <table className="matrix" style={style} aria-label={t("versions")}>
            <Head columns={columns} />
            {shown.map((one) => (
              <Fragment key={one.key}>
                <ProjectRows project={one} columns={columns} now={now} />
              </Fragment>
            ))}
          </table>
        </div>
      )}
    </Card>
  );
}
