"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Copyable } from "#components/ui/copyable.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ScrollBox } from "#components/ui/scroll-box.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { buildJobQuery } from "#lib/build-servers/client.ts";
import type { BuildServerDto } from "#lib/build-servers/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";

/** Message keys have no dots within a name. */
const TEXT_OF = {
  Jenkinsfile: "file.Jenkinsfile",
  "casc.yaml": "file.casc_yaml",
  "config.xml": "file.config_xml",
} as const;

/** The build job in its three forms, to be pasted into Jenkins. */
export function BuildServerJob({ server, onClose }: { server: BuildServerDto; onClose: () => void }) {
  const t = useTranslations("buildServers");
  const { data, error, isPending, refetch } = useQuery(buildJobQuery(server.key, server.version));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={t("jobTitle", { job: server.jobName })}
      description={t("jobText")}
    >
      {isPending && <SkeletonCard rows={6} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <div className="flex flex-col gap-4">
          {data.files.map(({ name, text }) => (
            <section key={name} className="flex flex-col gap-1.5">
              <h3 className="flex flex-wrap items-baseline gap-x-3">
                <Copyable text={text} shown={name} label={name} className="font-semibold" />
                <span className="text-sm text-fg-2">{t(TEXT_OF[name])}</span>
              </h3>
              <ScrollBox label={name} className="max-h-48 rounded-md border border-line bg-sunken">
                <pre className="p-3 font-mono text-sm">{text}</pre>
              </ScrollBox>
            </section>
          ))}
          <section className="flex flex-col gap-1">
            <h3 className="font-semibold">{t("command")}</h3>
            <Copyable text={data.command} />
            <span className="text-sm text-fg-3">{t("commandHint")}</span>
          </section>
        </div>
      )}
    </Dialog>
  );
}
