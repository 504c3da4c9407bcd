"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Hammer, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { baseImagesQuery, deleteBaseImage, lookAtBaseImage } from "#lib/base-images/client.ts";
import type { BaseImageDto } from "#lib/base-images/schema.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { BaseComponents } from "./base-components.tsx";
import { BaseForm } from "./base-form.tsx";
import { behindOf } from "./base-tree.tsx";
import { RebuildDialog } from "./rebuild-dialog.tsx";

/** How soon after "look now" the answer is there. */
const LOOK_MS = 1500;
const FEW = 5;

/** One base: what its tag pointed to, what sits on it, and what can be done. */
export function BaseDetail({
  base,
  bases,
  mayEdit,
}: {
  base: BaseImageDto;
  bases: BaseImageDto[];
  mayEdit: boolean;
}) {
  const t = useTranslations("baseImages");
  const toast = useToast();
  const client = useQueryClient();
  const [open, setOpen] = useState<"edit" | "remove" | "rebuild" | null>(null);
  const close = () => setOpen(null);
  const refresh = () => client.invalidateQueries({ queryKey: baseImagesQuery().queryKey });
  const look = useMutation({
    mutationFn: () => lookAtBaseImage(base.key),
    onSuccess: () => {
      toast.done(t("looking"));
      setTimeout(refresh, LOOK_MS);
    },
    onError: (error) => toast.failed(problemOf(error) ?? t("lookFailed")),
  });
  const remove = useMutation({
    mutationFn: () => deleteBaseImage(base.key),
    onSuccess: () => {
      close();
      void refresh();
    },
  });
  const behind = behindOf(base).length;
  const parent = bases.find(({ key }) => key === base.parent)?.name ?? base.parent ?? "";
  return (
    <>
      <PageHeader
        title={<span className="text-lg">{base.name}</span>}
        badges={<Tag mono>{base.reference}</Tag>}
        meta={
          base.lookedAt === null ? (
            t("neverLooked")
          ) : (
            <span>
              {t("lookedAt")} <TimeAgo at={base.lookedAt} />
            </span>
          )
        }
        actions={
          <>
            <Button icon={<RefreshCw aria-hidden />} loading={look.isPending} onClick={() => look.mutate()}>
              {t("look")}
            </Button>
            {mayEdit && (
              <>
                <Button icon={<Pencil aria-hidden />} onClick={() => setOpen("edit")}>
                  {t("edit")}
                </Button>
                <Button icon={<Trash2 aria-hidden />} onClick={() => setOpen("remove")}>
                  {t("remove")}
                </Button>
              </>
            )}
            <Button
              kind="primary"
              icon={<Hammer aria-hidden />}
              disabled={behind === 0}
              reason={behind === 0 ? t("nothingBehind") : undefined}
              onClick={() => setOpen("rebuild")}
            >
              {t("rebuild")}
            </Button>
          </>
        }
      />
      {base.problem !== null && (
        <Banner kind="wait" title={t(base.problem.failure === "missing" ? "missing" : "notAsked")}>
          <ExactTime at={base.problem.at} style="full" />{" "}
          <span className="font-mono text-sm break-words">{base.problem.message}</span>
        </Banner>
      )}
      {base.builtOn !== null && !base.builtOn.current && (
        <Banner kind="wait" title={t("selfBehind", { parent })}>
          {t("selfBehindText", { base: base.name, parent })}
        </Banner>
      )}
      <BaseComponents base={base} />
      <Versions base={base} />
      {open === "edit" && <BaseForm known={base} bases={bases} onClose={close} />}
      {open === "rebuild" && <RebuildDialog base={base} onClose={close} />}
      <ConfirmDialog
        open={open === "remove"}
        onOpenChange={(next) => !next && close()}
        title={t("removeTitle", { base: base.name })}
        what={t("removeText")}
        confirm={t("remove")}
        danger
        busy={remove.isPending}
        problem={problemOf(remove.error)}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}

function Versions({ base }: { base: BaseImageDto }) {
  const t = useTranslations("baseImages");
  const [all, setAll] = useState(false);
  const shown = all ? base.versions : base.versions.slice(0, FEW);
  return (
    <Card>
      <CardHeader title={t("versions")} hint={base.versions.length} />
      {base.versions.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">{t("noVersions")}</p>
      ) : (
        <Table label={t("versions")}>
          <thead>
            <tr>
              <Th>{t("digest")}</Th>
              <Th>{t("seen")}</Th>
              <Th>{t("made")}</Th>
              <Th num>{t("layers")}</Th>
              <Th num>{t("components")}</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((version) => (
              <Tr key={version.digest}>
                <Td className="whitespace-nowrap">
                  <Digest value={version.digest} />{" "}
                  {version.current && <Tag kind="good">{t("isCurrent")}</Tag>}
                </Td>
                <Td className="whitespace-nowrap text-fg-2">
                  <ExactTime at={version.seenAt} style="full" />
                </Td>
                <Td className="whitespace-nowrap text-fg-2">
                  {version.createdAt === null ? "–" : <ExactTime at={version.createdAt} style="full" />}
                </Td>
                <Td num>{version.layers}</Td>
                <Td num>{version.components}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {shown.length < base.versions.length && (
        <CardFooter>
          <Button kind="quiet" size="small" onClick={() => setAll(true)}>
            {t("moreVersions", { count: base.versions.length - shown.length })}
          </Button>
        </CardFooter>
      )}
    </Card>
  );
}
