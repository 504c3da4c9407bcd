"use client";

import { Archive, Ellipsis, Hammer, LogOut, PackageCheck, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { ProblemError } from "#lib/http/client.ts";
import { abandonRelease } from "#lib/releases/client.ts";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { leaveStage } from "#lib/stages/client.ts";
import { BuildButton } from "./build-button.tsx";
import { useReason } from "./use-reason.ts";
import { useReleaseAction } from "./use-release-action.ts";

/** What is done with the release order as a whole; what its state does not know is off, with the reason. */
export function ReleaseActions({ release }: { release: ReleaseDto }) {
  const t = useTranslations("releases.actions");
  const [ask, setAsk] = useState<"abandon" | "leave" | null>(null);
  const reasonOf = useReason();
  const actionOf = (name: string) => release.actions.find(({ action }) => action === name);
  const edit = actionOf("edit");
  const abandon = actionOf("abandon");
  const abandonReason = abandon === undefined ? t("notInThisState") : reasonOf(abandon);
  const held = release.stages.find((stage) => stage.actions.some(({ action }) => action === "leave"));
  const leaveReason = held && reasonOf(held.actions.find(({ action }) => action === "leave"));
  const started = release.state !== "draft";
  return (
    <>
      {edit !== undefined && (
        <Button
          icon={<Pencil aria-hidden />}
          href={`/releases/${encodeURIComponent(release.number)}/edit`}
          disabled={reasonOf(edit) !== undefined}
        >
          {t("edit")}
        </Button>
      )}
      {actionOf("build") !== undefined && started && (
        <BuildButton release={release} kind="normal" icon={<Hammer aria-hidden />} />
      )}
      <Menu
        label={t("more")}
        trigger={<IconButton label={t("more")} icon={<Ellipsis aria-hidden />} />}
        items={[
          {
            label: t("evidence"),
            icon: <PackageCheck aria-hidden />,
            href: `/audit?subjectId=${encodeURIComponent(release.number)}`,
          },
          ...(held === undefined
            ? []
            : [
                {
                  label: t("leave", { environment: held.environment }),
                  icon: <LogOut aria-hidden />,
                  onSelect: () => setAsk("leave"),
                  disabled: leaveReason !== undefined,
                  reason: leaveReason,
                },
              ]),
          "separator" as const,
          {
            label: t("abandon"),
            icon: <Archive aria-hidden />,
            danger: true,
            onSelect: () => setAsk("abandon"),
            disabled: abandonReason !== undefined,
            reason: abandonReason,
          },
        ]}
      />
      <Abandon release={release} open={ask === "abandon"} onClose={() => setAsk(null)} />
      {held !== undefined && (
        <Leave release={release} stage={held} open={ask === "leave"} onClose={() => setAsk(null)} />
      )}
    </>
  );
}

function Abandon({ release, open, onClose }: { release: ReleaseDto; open: boolean; onClose: () => void }) {
  const t = useTranslations("releases.actions");
  const run = useReleaseAction(
    release.number,
    () => abandonRelease(release.number),
    () => t("abandoned"),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      danger
      title={t("abandonTitle")}
      what={t.rich("abandonWhat", { number: release.number, b: (chunks) => <b>{chunks}</b> })}
      confirm={t("abandon")}
      busy={run.isPending}
      problem={run.error instanceof ProblemError ? run.error.problem : null}
      onConfirm={() => run.mutate(undefined, { onSuccess: onClose })}
    />
  );
}

function Leave({
  release,
  stage,
  open,
  onClose,
}: {
  release: ReleaseDto;
  stage: StageDto;
  open: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("releases.actions");
  const { environment } = stage;
  const run = useReleaseAction(
    release.number,
    () => leaveStage({ number: release.number, environment }),
    () => t("left", { environment }),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      danger
      title={t("leaveTitle", { environment })}
      what={t.rich("leaveWhat", {
        number: release.number,
        environment,
        waiting: stage.queueLength,
        b: (chunks) => <b>{chunks}</b>,
      })}
      confirm={t("leave", { environment })}
      busy={run.isPending}
      problem={run.error instanceof ProblemError ? run.error.problem : null}
      onConfirm={() => run.mutate(undefined, { onSuccess: onClose })}
    />
  );
}
