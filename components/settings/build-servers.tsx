"use client";

import { useQuery } from "@tanstack/react-query";
import { FileCode, Hammer } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { buildServersQuery, checkBuildServer } from "#lib/build-servers/client.ts";
import type { BuildServerDto } from "#lib/build-servers/schema.ts";
import { BuildServerForm } from "./build-servers-form.tsx";
import { BuildServerHelp } from "./build-servers-help.tsx";
import { BuildServerJob } from "./build-servers-job.tsx";
import { code, ServerCard } from "./server-card.tsx";
import { ServerList } from "./server-list.tsx";

function BuildServerCard({ server, onEdit }: { server: BuildServerDto; onEdit: () => void }) {
  const t = useTranslations("buildServers");
  const settings = useTranslations("settings");
  const [showsJob, setShowsJob] = useState(false);
  const { disabledAt, labels, projects } = server;
  return (
    <>
      <ServerCard
        server={server}
        texts="buildServers"
        check={checkBuildServer}
        queryKey={buildServersQuery().queryKey}
        onEdit={onEdit}
        help={(finding) => (
          <BuildServerHelp server={server} finding={finding} onShowJob={() => setShowsJob(true)} />
        )}
        actions={
          <Button size="small" icon={<FileCode aria-hidden />} onClick={() => setShowsJob(true)}>
            {t("job")}
          </Button>
        }
        facts={[
          { term: settings("buildServer.url"), detail: code(server.url) },
          { term: settings("buildServer.jobName"), detail: code(server.jobName) },
          { term: settings("buildServer.username"), detail: code(server.username) },
          { term: settings("credential"), detail: t(`kind.${server.credentialKind}`) },
          ...(labels.length > 0 ? [{ term: t("labels"), detail: code(labels.join(" ")) }] : []),
          {
            term: t("projects"),
            detail: projects.length > 0 ? code(projects.join(" ")) : t("everyProject"),
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
  return (
    <ServerList
      noun="buildServer"
      icon={<Hammer aria-hidden />}
      result={useQuery(buildServersQuery())}
      form={(known, close) => <BuildServerForm known={known} onClose={close} />}
      card={(server, edit) => <BuildServerCard server={server} onEdit={edit} />}
    />
  );
}
