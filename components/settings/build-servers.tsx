"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FileCode, Hammer, Pencil, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { useCodeText } from "#components/ui/code-text.ts";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { buildServersQuery, checkBuildServer } from "#lib/build-servers/client.ts";
import type { BuildServerDto, ServerFinding } from "#lib/build-servers/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { BuildServerForm } from "./build-servers-form.tsx";
import { BuildServerJob } from "./build-servers-job.tsx";
import { ServerCard } from "./server-card.tsx";

const SHADE_OF = { true: "ok", false: "no", null: "unknown" } as const;

/** Findings in the reader's language, by their codes and facts. */
function useServerFindings() {
  const textOf = useCodeText();
  return (findings: readonly ServerFinding[]) =>
    findings.map((finding) => {
      const { code, ok, fix, facts } = finding;
      const key = `buildServers.finding.${code}.${SHADE_OF[`${ok}`]}`;
      const message = textOf([key, `${key}_untimed`], finding);
      if (fix === undefined) return { code, ok, message };
      return { code, ok, message, fix: textOf([`buildServers.fix.${code}`], { code, message: fix, facts }) };
    });
}

const mono = (text: string) => <span className="font-mono break-all">{text}</span>;

function BuildServerCard({ server, onEdit }: { server: BuildServerDto; onEdit: () => void }) {
  const t = useTranslations("buildServers");
  const settings = useTranslations("settings");
  const client = useQueryClient();
  const translated = useServerFindings();
  const [showsJob, setShowsJob] = useState(false);
  const { key, disabledAt, labels, projects } = server;
  const check = async () => {
    const checked = await checkBuildServer(key);
    void client.invalidateQueries({ queryKey: buildServersQuery().queryKey });
    return { findings: translated(checked.findings) };
  };
  return (
    <>
      <ServerCard
        name={server.name}
        code={key}
        stored={translated(server.findings)}
        checkedAt={server.checkedAt}
        check={check}
        actions={
          <>
            <Button size="small" icon={<FileCode aria-hidden />} onClick={() => setShowsJob(true)}>
              {t("job")}
            </Button>
            <Button size="small" icon={<Pencil aria-hidden />} onClick={onEdit}>
              {settings("edit")}
            </Button>
          </>
        }
        facts={[
          { term: settings("buildServer.url"), detail: mono(server.url) },
          { term: settings("buildServer.jobName"), detail: mono(server.jobName) },
          { term: settings("buildServer.username"), detail: mono(server.username) },
          { term: settings("credential"), detail: t(`kind.${server.credentialKind}`) },
          ...(labels.length > 0 ? [{ term: t("labels"), detail: mono(labels.join(" ")) }] : []),
          {
            term: t("projects"),
            detail: projects.length > 0 ? mono(projects.join(" ")) : t("everyProject"),
          },
          ...(disabledAt === null ? [] : [{ term: t("disabledSince"), detail: <TimeAgo at={disabledAt} /> }]),
          { term: settings("usedBy"), detail: settings("components", { count: server.components }) },
        ]}
      />
      {showsJob && <BuildServerJob server={server} onClose={() => setShowsJob(false)} />}
    </>
  );
}

/** Build servers, what their last check found, and the job to set up there. */
export function BuildServers() {
  const t = useTranslations("settings");
  const { data, error, isPending, refetch } = useQuery(buildServersQuery());
  /** What the form is about: a new server, or one that is there. */
  const [subject, setSubject] = useState<BuildServerDto | "new" | null>(null);
  return (
    <>
      <div>
        <Button icon={<Plus aria-hidden />} onClick={() => setSubject("new")}>
          {t("buildServer.add")}
        </Button>
      </div>
      {isPending && <SkeletonCard rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <Card>
          <EmptyState icon={<Hammer aria-hidden />} title={t("buildServer.none")}>
            {t("buildServer.noneText")}
          </EmptyState>
        </Card>
      )}
      {data?.items.map((server) => (
        <BuildServerCard
          // What a check found with the former address or credential is not shown beside the new one.
          key={`${server.key} ${server.version}`}
          server={server}
          onEdit={() => setSubject(server)}
        />
      ))}
      {subject !== null && (
        <BuildServerForm known={subject === "new" ? null : subject} onClose={() => setSubject(null)} />
      )}
    </>
  );
}
