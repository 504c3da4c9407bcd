"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { imagePoliciesQuery } from "#lib/image-policies/client.ts";
import type { ImagePolicyDto } from "#lib/image-policies/schema.ts";
import { PolicyForm } from "./policy-form.tsx";

/** What each environment asks of images, in order of rank. */
export function ImagePolicies() {
  const t = useTranslations("policies");
  const common = useTranslations("common");
  const { data, error, isPending, refetch } = useQuery(imagePoliciesQuery());
  const [editing, setEditing] = useState<ImagePolicyDto | null>(null);
  const names = (keys: string[]) => (keys.length === 0 ? t("any") : keys.join(common("listComma")));
  return (
    <Card>
      <CardHeader title={t("title")} hint={t("hint")} />
      {isPending && <SkeletonRows rows={3} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <Table label={t("title")} className="whitespace-nowrap">
          <thead>
            <tr>
              <Th>{t("column.environment")}</Th>
              <Th>{t("column.maxSeverity")}</Th>
              <Th>{t("column.requireScan")}</Th>
              <Th>{t("column.requireSignature")}</Th>
              <Th>{t("column.allowedBases")}</Th>
              <Th>{t("column.allowedRegistries")}</Th>
              <Th className="w-12">
                <span className="sr-only">{t("column.edit")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((policy) => (
              <Tr key={policy.environment}>
                <Td className="whitespace-nowrap">
                  <b>{policy.environment}</b> <span className="text-fg-2">{policy.name}</span>
                </Td>
                <Td>{t(`limit.${policy.maxSeverity ?? "any"}`)}</Td>
                <Td>{t(policy.requireScan ? "asked" : "notAsked")}</Td>
                <Td>{t(policy.requireSignature ? "asked" : "notAsked")}</Td>
                <Td className="min-w-32 whitespace-normal">{names(policy.allowedBases)}</Td>
                <Td className="min-w-32 whitespace-normal">{names(policy.allowedRegistries)}</Td>
                <Td>
                  <IconButton
                    size="small"
                    label={t("edit.title", { environment: policy.environment })}
                    icon={<Pencil aria-hidden />}
                    onClick={() => setEditing(policy)}
                  />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {editing !== null && data !== undefined && (
        <PolicyForm
          policy={editing}
          bases={data.bases}
          registries={data.registries}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  );
}
