"use client";

import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmAction } from "#components/forms/confirm-action.tsx";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { createToken, revokeToken, tokensQuery } from "#lib/tokens/client.ts";
import type { TokenDto } from "#lib/tokens/schema.ts";

const DAYS = ["30", "90", "365", "never"] as const;

function CreateTokenDialog({
  onCreated,
  onClose,
}: {
  onCreated: (token: string) => void;
  onClose: () => void;
}) {
  const t = useTranslations("settings");
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof DAYS)[number]>("90");
  const save = () =>
    createToken({
      name,
      ...(days === "never"
        ? {}
        : { expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }),
    });
  return (
    <FormDialog
      title={t("token.add")}
      description={t("token.addText")}
      submit={t("token.create")}
      ready={name.trim() !== ""}
      save={save}
      refreshes={[tokensQuery().queryKey]}
      onSaved={({ token }) => {
        onCreated(token);
        onClose();
      }}
      onClose={onClose}
    >
      <Field label={t("token.name")} hint={t("token.nameHint")}>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t("token.expires")}>
        <Segmented
          label={t("token.expires")}
          value={days}
          onChange={setDays}
          options={DAYS.map((value) => ({ value, label: t(`token.days.d${value}`) }))}
        />
      </Field>
    </FormDialog>
  );
}

/** Tokens with which programs act as me. The token itself is shown once. */
export function TokensCard() {
  const t = useTranslations("settings");
  const { data, error, isPending: loading, refetch } = useQuery(tokensQuery());
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<string | null>(null);
  const [ending, setEnding] = useState<TokenDto | null>(null);
  return (
    <Card>
      <CardHeader
        title={t("token.title")}
        hint={t("token.hint")}
        actions={
          <Button size="small" icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
            {t("token.add")}
          </Button>
        }
      />
      {created !== null && (
        <Banner kind="good" title={t("token.created")} className="m-3.5">
          <span className="block">{t("token.once")}</span>
          <Copyable text={created} label={t("token.title")} className="mt-1 break-all" />
        </Banner>
      )}
      {loading && <SkeletonRows rows={2} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.items.length === 0 && (
        <EmptyState icon={<KeyRound aria-hidden />} title={t("token.none")}>
          {t("token.noneText")}
        </EmptyState>
      )}
      {data !== undefined && data.items.length > 0 && (
        <Table label={t("token.title")}>
          <thead>
            <tr>
              <Th>{t("token.name")}</Th>
              <Th>{t("token.used")}</Th>
              <Th>{t("token.expires")}</Th>
              <Th className="w-24">
                <span className="sr-only">{t("token.revoke")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((token) => (
              <Tr key={token.id}>
                <Td className="font-medium">{token.name}</Td>
                <Td className="text-fg-2">
                  {token.lastUsedAt === null ? t("token.never") : <TimeAgo at={token.lastUsedAt} />}
                </Td>
                <Td className="text-fg-2">
                  {token.expiresAt === null ? (
                    t("token.days.dnever")
                  ) : (
                    <ExactTime at={token.expiresAt} style="day" />
                  )}
                </Td>
                <Td>
                  <Button kind="quiet" size="small" onClick={() => setEnding(token)}>
                    {t("token.revoke")}
                  </Button>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {adding && <CreateTokenDialog onCreated={setCreated} onClose={() => setAdding(false)} />}
      {ending !== null && (
        <ConfirmAction
          title={t("token.revokeTitle")}
          what={t("token.revokeText", { name: ending.name })}
          confirm={t("token.revoke")}
          save={() => revokeToken(ending.id)}
          answers={tokensQuery().queryKey}
          onClose={() => setEnding(null)}
        />
      )}
    </Card>
  );
}
