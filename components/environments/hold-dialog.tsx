"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { releasesQuery } from "#lib/releases/client.ts";
import { holdEnvironment, reservationQuery } from "#lib/reservations/client.ts";

/** Takes a free environment for a release order that is built. */
export function HoldDialog({
  open,
  onClose,
  place,
}: {
  open: boolean;
  onClose: () => void;
  place: { project: string; environment: string };
}) {
  const t = useTranslations("environments.reservation");
  const toast = useToast();
  const client = useQueryClient();
  const [release, setRelease] = useState<string | null>(null);
  const [until, setUntil] = useState("");
  const { data } = useQuery({ ...releasesQuery({ project: place.project, state: "built" }), enabled: open });
  const hold = useMutation({
    mutationFn: (number: string) =>
      holdEnvironment(place, number, until === "" ? null : new Date(until).toISOString()),
    onSuccess: (answer) => {
      client.setQueryData(reservationQuery(place).queryKey, answer);
      toast.done(t("done"));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        hold.reset();
        onClose();
      }}
      title={t("holdTitle", { environment: place.environment })}
      what={
        <div className="flex flex-col gap-3">
          <p>{t("holdWhat")}</p>
          <Field label={t("forRelease")}>
            <Select
              value={release}
              onChange={setRelease}
              placeholder={t("choose")}
              options={(data?.items ?? []).map(({ number, title }) => ({
                value: number,
                label: number,
                hint: title,
              }))}
            />
          </Field>
          <Field label={t("untilLabel")} hint={t("untilHint")}>
            <Input type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
          </Field>
        </div>
      }
      confirm={t("hold")}
      busy={hold.isPending}
      problem={problemOf(hold.error)}
      onConfirm={() => release !== null && hold.mutate(release)}
    />
  );
}
