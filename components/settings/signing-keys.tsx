"use client";

import { useQuery } from "@tanstack/react-query";
import { Ban, FileKey, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmAction } from "#components/forms/confirm-action.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { signingKeysQuery, updateSigningKey } from "#lib/signing-keys/client.ts";
import type { SigningKeyDto } from "#lib/signing-keys/schema.ts";
import { SigningKeyForm } from "./signing-keys-form.tsx";

/** Public keys whose signatures count: registered and revoked, never changed. */
export function SigningKeys() {
  const t = useTranslations("settings");
  const { data, error, isPending, refetch } = useQuery(signingKeysQuery());
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<SigningKeyDto | null>(null);
  const add = (
    <Button icon={<Plus aria-hidden />} size="small" onClick={() => setAdding(true)}>
      {t("signingKey.add")}
    </Button>
  );
  return (
    <Card>
      <CardHeader title={t("tab.signing-keys")} hint={t("signingKey.hint")} actions={add} />
      {isPending && <SkeletonRows rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <EmptyState icon={<FileKey aria-hidden />} title={t("signingKey.none")}>
          {t("signingKey.noneText")}
        </EmptyState>
      )}
      {data !== undefined && data.items.length > 0 && (
        <Table label={t("tab.signing-keys")}>
          <thead>
            <tr>
              <Th>{t("name")}</Th>
              <Th>{t("signingKey.algorithm")}</Th>
              <Th>{t("signingKey.fingerprint")}</Th>
              <Th num>{t("signingKey.artifacts")}</Th>
              <Th>{t("signingKey.state")}</Th>
              <Th className="w-24">
                <span className="sr-only">{t("signingKey.revoke")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((one) => (
              <Tr key={one.key}>
                <Td className="min-w-40">
                  <b className="break-words">{one.name}</b>
                  <span className="block font-mono text-sm break-all text-fg-3">{one.key}</span>
                </Td>
                <Td className="font-mono text-sm whitespace-nowrap">{one.algorithm}</Td>
                <Td className="whitespace-nowrap">
                  <Copyable
                    text={one.publicKey}
                    label={t("signingKey.publicKey")}
                    shown={`${one.fingerprint.slice(0, 8)}…${one.fingerprint.slice(-8)}`}
                  />
                </Td>
                <Td num>{one.artifacts}</Td>
                <Td className="whitespace-nowrap">
                  <StateBadge
                    state={one.revokedAt === null ? "ok" : "void"}
                    text={t(one.revokedAt === null ? "signingKey.counts" : "signingKey.revoked")}
                  />
                  <span className="block text-sm text-fg-3">
                    <ExactTime at={one.revokedAt ?? one.createdAt} style="full" />
                  </span>
                </Td>
                <Td className="text-right">
                  {one.revokedAt === null && (
                    <Button size="small" icon={<Ban aria-hidden />} onClick={() => setChosen(one)}>
                      {t("signingKey.revoke")}
                    </Button>
                  )}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {adding && <SigningKeyForm onClose={() => setAdding(false)} />}
      {chosen !== null && (
        <ConfirmAction
          title={t("signingKey.revokeTitle", { name: chosen.name })}
          what={t("signingKey.revokeText", { count: chosen.artifacts })}
          confirm={t("signingKey.revoke")}
          save={() => updateSigningKey(chosen.key, { revoked: true })}
          refreshes={[signingKeysQuery().queryKey]}
          onClose={() => setChosen(null)}
        />
      )}
    </Card>
  );
}
