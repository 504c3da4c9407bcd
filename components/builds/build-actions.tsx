"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowUpRight, CircleStop, PackageCheck, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useWho } from "#components/releases/detail/use-who.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { rolesWith } from "#lib/access/roles.ts";
import { abortBuild, acceptBuild, rebuild } from "#lib/builds/client.ts";
import type { BuildDto } from "#lib/builds/schema.ts";
import { BUILD_ACTIONS, type BuildAction } from "#lib/builds/state.ts";
import { ProblemError } from "#lib/http/client.ts";

/** Abort, another attempt, or a person's word on a build whose outcome nobody knows. */
export function BuildActions({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  const who = useWho();
  const client = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  const [ask, setAsk] = useState<"abort" | "accept" | null>(null);
  const settled = () => client.invalidateQueries({ queryKey: ["build", build.id] });
  const close = () => setAsk(null);
  const abort = useMutation({
    mutationFn: () => abortBuild(build.id),
    onSuccess: () => {
      toast.done(t("abortAsked"));
      close();
    },
    onSettled: settled,
  });
  const accept = useMutation({
    mutationFn: () => acceptBuild(build.id),
    onSuccess: () => {
      toast.done(t("accepted"));
      close();
    },
    onSettled: settled,
  });
  const again = useMutation({
    mutationFn: () => rebuild(build.id),
    onSuccess: (next) => router.push(`/builds/${next.id}`),
    onError: (error) => toast.failed(error instanceof ProblemError ? error.problem : error.message),
    onSettled: settled,
  });

  const newest = build.attempts[0]?.id === build.id;
  const fits = (action: BuildAction) => BUILD_ACTIONS[action].from.some((state) => state === build.state);
  const off = (action: BuildAction): string | undefined => {
    if (build.actions.some((known) => known.action === action)) return undefined;
    if (action === "abort" && build.abortRequestedAt !== null) return t("aborting");
    if (action !== "abort" && !newest) return t("notNewest");
    return t("only", { who: who(rolesWith(BUILD_ACTIONS[action].permission)) });
  };
  const problemOf = (error: unknown) => (error instanceof ProblemError ? error.problem : null);
  return (
    <>
      {build.url !== null && (
        <Button href={`${build.url.replace(/\/$/, "")}/console`} icon={<ArrowUpRight aria-hidden />}>
          {t("console")}
        </Button>
      )}
      {fits("accept") && (
        <Button
          icon={<PackageCheck aria-hidden />}
          disabled={off("accept") !== undefined}
          reason={off("accept")}
          onClick={() => setAsk("accept")}
        >
          {t("accept")}
        </Button>
      )}
      {fits("rebuild") && (
        <Button
          kind="primary"
          icon={<RotateCcw aria-hidden />}
          loading={again.isPending}
          disabled={off("rebuild") !== undefined}
          reason={fits("accept") ? undefined : off("rebuild")}
          onClick={() => again.mutate()}
        >
          {t("rebuild")}
        </Button>
      )}
      {fits("abort") && (
        <Button
          kind="danger"
          icon={<CircleStop aria-hidden />}
          disabled={off("abort") !== undefined}
          reason={off("abort")}
          onClick={() => setAsk("abort")}
        >
          {t("abort")}
        </Button>
      )}
      <ConfirmDialog
        open={ask === "abort"}
        onOpenChange={(open) => !open && close()}
        danger
        title={t("abortTitle", { component: build.component })}
        what={t("abortWhat", { release: build.release })}
        confirm={t("abortConfirm")}
        busy={abort.isPending}
        problem={problemOf(abort.error)}
        onConfirm={() => abort.mutate()}
      />
      <ConfirmDialog
        open={ask === "accept"}
        onOpenChange={(open) => !open && close()}
        title={t("acceptTitle", { component: build.component })}
        what={t("acceptWhat", { release: build.release })}
        confirm={t("accept")}
        busy={accept.isPending}
        problem={problemOf(accept.error)}
        onConfirm={() => accept.mutate()}
      />
    </>
  );
}
