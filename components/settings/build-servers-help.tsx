"use client";

import { useQuery } from "@tanstack/react-query";
import { FileCode } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { ScrollBox } from "#components/ui/scroll-box.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { buildJobQuery } from "#lib/build-servers/client.ts";
import type { BuildServerDto } from "#lib/build-servers/schema.ts";
import { declarationsOf, rightsAsCode } from "./build-servers-paste.ts";
import type { Finding } from "./findings.tsx";

const BY_RIGHTS = ["AUTHENTICATED", "JOB_EXISTS", "MAY_BUILD", "MAY_CANCEL"];

/** Text to be pasted into Jenkins, shown whole. */
function Paste({ text, label }: { text: string; label: string }) {
  return (
    <div className="mt-1.5 flex flex-col gap-1">
      <Copyable text={text} shown={label} label={label} mono={false} className="text-sm text-fg-2" />
      <ScrollBox label={label} className="max-h-40 rounded-md border border-line bg-sunken">
        <pre className="overflow-x-auto px-3 py-2 text-sm">{text}</pre>
      </ScrollBox>
    </div>
  );
}

/** How the job declares these parameters. */
function Declarations({ server, names }: { server: BuildServerDto; names: string[] }) {
  const t = useTranslations("buildServers.paste");
  const { data, error } = useQuery(buildJobQuery(server.key, server.version));
  const job = server.findings.find(({ code }) => code === "JOB_EXISTS");
  const kind = job?.facts?.kind === "freestyle" ? "freestyle" : "pipeline";
  // The files can still be opened from the head of the card, which then says what is wrong.
  if (error !== null) return null;
  if (data === undefined) return <Skeleton className="mt-1.5 h-24 w-full" />;
  return <Paste label={t(kind)} text={declarationsOf(data.files, names, kind)} />;
}

/** What helps with a finding of a build server beside its words: text to paste, or the files of the job. */
export function BuildServerHelp({
  server,
  finding: { code, facts = {} },
  onShowJob,
}: {
  server: BuildServerDto;
  finding: Finding;
  onShowJob: () => void;
}) {
  const t = useTranslations("buildServers.paste");
  const { missing, reason } = facts;
  const lacksRight = reason === "permission_missing" || reason === "anonymous" || code.startsWith("MAY_");
  return (
    <>
      {code === "PARAMETERS_DECLARED" && typeof missing === "string" && (
        <Declarations server={server} names={missing.split(", ")} />
      )}
      {code === "SECRETS_MASKED" && <Declarations server={server} names={["SECRET_BUILD_VARIABLES"]} />}
      {BY_RIGHTS.includes(code) && lacksRight && (
        <Paste label={t("rights")} text={rightsAsCode(server.username)} />
      )}
      {code === "JOB_EXISTS" && (
        <Button size="small" className="mt-1.5" icon={<FileCode aria-hidden />} onClick={onShowJob}>
          {t("files")}
        </Button>
      )}
    </>
  );
}
