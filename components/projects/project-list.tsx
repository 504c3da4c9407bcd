"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowRight, FolderPlus, Plus, Search } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Fragment, useDeferredValue, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Input } from "#components/ui/field.tsx";
import { MoreFooter } from "#components/ui/more-footer.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { useRowKeys } from "#components/ui/use-row-keys.ts";
import { useUrlParams } from "#components/ui/use-url-params.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { projectsQuery } from "#lib/projects/client.ts";
import type { ProjectDto } from "#lib/projects/schema.ts";
import { CreateProjectDialog } from "./project-form.tsx";

function Row({ project }: { project: ProjectDto }) {
  const roles = useTranslations("roles");
  return (
    <Tr link>
      <Td>
        <Link href={`/projects/${project.key}`} className="font-semibold hover:text-accent" data-row-link>
          <MiddleText text={project.name} max={28} />
        </Link>{" "}
        <span className="font-mono text-sm text-fg-3">{project.key}</span>
        {project.description !== "" && (
          <p className="max-w-xl truncate text-fg-2" title={project.description}>
            {project.description}
          </p>
        )}
      </Td>
      <Td>
        <span className="flex items-center gap-1 whitespace-nowrap">
          {project.environments.map(({ key }, index) => (
            <Fragment key={key}>
              {index > 0 && <ArrowRight aria-hidden className="size-3! text-fg-3" />}
              <Tag>{key}</Tag>
            </Fragment>
          ))}
        </span>
      </Td>
      <Td num>{project.components}</Td>
      <Td className="text-fg-2">
        {project.roles.length === 0
          ? "–"
          : project.roles.map((role) => (roles.has(role) ? roles(role) : role)).join(" · ")}
      </Td>
    </Tr>
  );
}

/** Projects that the reader may see; found by key or name. */
export function ProjectList({ mayCreate }: { mayCreate: boolean }) {
  const t = useTranslations("projects");
  const common = useTranslations("common");
  const [params, setParams] = useUrlParams();
  const q = params.get("q") ?? "";
  const wanted = useDeferredValue(q);
  const [creating, setCreating] = useState(false);
  const list = useInfiniteQuery(projectsQuery(wanted));
  const { data, error, refetch, isPending } = list;
  const projects = data?.pages.flatMap(({ items }) => items) ?? [];
  const rows = useRowKeys<HTMLTableSectionElement>();
  return (
    <Page>
      <PageHeader
        title={t("title")}
        meta={t("subtitle")}
        actions={
          <Button
            kind="primary"
            icon={<Plus aria-hidden />}
            disabled={!mayCreate}
            reason={t("needsAdmin")}
            onClick={() => setCreating(true)}
          >
            {t("new")}
          </Button>
        }
      />
      <Card>
        <div className="flex items-center gap-2 border-b border-line px-3.5 py-2">
          <Input
            small
            icon={<Search aria-hidden />}
            className="w-64! max-sm:w-full!"
            aria-label={t("find")}
            placeholder={t("find")}
            value={q}
            onChange={(event) => setParams({ q: event.target.value })}
          />
        </div>
        {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
        {isPending && <SkeletonRows rows={6} />}
        {!isPending && error === null && projects.length === 0 && (
          <EmptyState icon={<FolderPlus aria-hidden />} title={q === "" ? t("none") : t("noMatch")}>
            {q === "" ? t("noneText") : t("noMatchText")}
          </EmptyState>
        )}
        {projects.length > 0 && (
          <Table label={t("title")}>
            <thead>
              <tr>
                <Th>{t("project")}</Th>
                <Th>{t("path")}</Th>
                <Th num>{t("componentCount")}</Th>
                <Th>{t("myRoles")}</Th>
              </tr>
            </thead>
            <tbody ref={rows}>
              {projects.map((project) => (
                <Row key={project.key} project={project} />
              ))}
            </tbody>
          </Table>
        )}
        <MoreFooter list={list}>{common("loadMore")}</MoreFooter>
      </Card>
      {creating && <CreateProjectDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
