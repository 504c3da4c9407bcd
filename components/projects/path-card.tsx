"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Checkbox, Switch } from "#components/ui/choice.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import type { EnvironmentDto } from "#lib/environments/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { projectQuery, updateProject } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";

/** The environments a release order passes in order, and whether developers may deploy in the open ones. */
export function PathCard({
  project,
  environments,
}: {
  project: ProjectDetailDto;
  environments: EnvironmentDto[];
}) {
  const t = useTranslations("projects");
  const client = useQueryClient();
  const toast = useToast();
  const { mutate, isPending } = useMutation({
    mutationFn: (path: { key: string; developersMayDeploy: boolean }[]) =>
      updateProject(project.key, { version: project.version, environments: path }),
    onSuccess: (changed) => {
      client.setQueryData(projectQuery(project.key).queryKey, changed);
      void client.invalidateQueries({ queryKey: ["targets", project.key] });
      toast.done(t("saved"));
    },
    onError: (error) => toast.failed(problemOf(error) ?? String(error)),
  });
  const path = project.environments.map(({ key, developersMayDeploy }) => ({ key, developersMayDeploy }));
  const locked = !project.mayManage || isPending;
  const onPath = (key: string) => path.find((step) => step.key === key);
  return (
    <Card>
      <CardHeader title={t("path")} hint={project.mayManage ? t("pathHint") : t("needsOwner")} />
      <Table label={t("path")}>
        <thead>
          <tr>
            <Th>{t("environment")}</Th>
            <Th>{t("policy")}</Th>
            <Th>{t("developers")}</Th>
          </tr>
        </thead>
        <tbody>
          {environments.map((environment) => {
            const step = onPath(environment.key);
            return (
              <Tr key={environment.key}>
                <Td>
                  <Checkbox
                    checked={step !== undefined}
                    disabled={locked || (step !== undefined && path.length === 1)}
                    label={
                      <>
                        <b>{environment.key}</b> <span className="text-fg-2">{environment.name}</span>
                      </>
                    }
                    onChange={(checked) =>
                      mutate(
                        checked
                          ? [...path, { key: environment.key, developersMayDeploy: false }]
                          : path.filter(({ key }) => key !== environment.key),
                      )
                    }
                  />
                </Td>
                <Td>
                  <span className="flex flex-wrap items-center gap-1.5">
                    <Tag>{t(environment.kind)}</Tag>
                    <span className="text-fg-2">
                      {t("approvals", { count: environment.approvalsRequired })}
                    </span>
                  </span>
                </Td>
                <Td>
                  {environment.kind === "controlled" ? (
                    <span className="text-fg-3">{t("operatorsOnly")}</span>
                  ) : (
                    <Switch
                      checked={step?.developersMayDeploy ?? false}
                      disabled={locked || step === undefined}
                      label={t("developersMayDeploy")}
                      onChange={(developersMayDeploy) =>
                        mutate(
                          path.map((one) =>
                            one.key === environment.key ? { ...one, developersMayDeploy } : one,
                          ),
                        )
                      }
                    />
                  )}
                </Td>
              </Tr>
            );
          })}
        </tbody>
      </Table>
    </Card>
  );
}
