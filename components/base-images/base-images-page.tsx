"use client";

import { useQuery } from "@tanstack/react-query";
import { Layers2, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ImageTabs } from "#components/artifacts/image-tabs.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { useUrlParams } from "#components/ui/use-url-params.ts";
import { baseImagesQuery } from "#lib/base-images/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { BaseDetail } from "./base-detail.tsx";
import { BaseForm } from "./base-form.tsx";
import { BaseTree, behindOf } from "./base-tree.tsx";

/** Base images in their three layers, and what has to be rebuilt when one of them changes. */
export function BaseImagesPage({ mayEdit }: { mayEdit: boolean }) {
  const t = useTranslations("baseImages");
  const { data, error, refetch } = useQuery(baseImagesQuery());
  const [params, setParams] = useUrlParams();
  const [adding, setAdding] = useState(false);
  const bases = data?.items ?? [];
  // Whoever comes without a choice is shown what has to be done first.
  const chosen =
    bases.find(({ key }) => key === params.get("base")) ??
    bases.find((base) => behindOf(base).length > 0) ??
    bases.find(({ builtOn }) => builtOn?.current === false) ??
    bases[0];
  const add = mayEdit ? (
    <Button icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader title={t("title")} meta={t("intro")} actions={add} />
      <ImageTabs current="bases" />
      {data === undefined && error === null && <SkeletonCard rows={4} />}
      {data === undefined && error !== null && (
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      )}
      {data !== undefined && bases.length === 0 && (
        <Card>
          <EmptyState icon={<Layers2 aria-hidden />} title={t("none")} action={add}>
            {t(mayEdit ? "noneText" : "noneReader")}
          </EmptyState>
        </Card>
      )}
      {chosen !== undefined && (
        <>
          <BaseTree bases={bases} chosen={chosen.key} onChoose={(base) => setParams({ base })} />
          <BaseDetail key={chosen.key} base={chosen} bases={bases} mayEdit={mayEdit} />
        </>
      )}
      {adding && <BaseForm known={null} bases={bases} onClose={() => setAdding(false)} />}
    </>
  );
}
