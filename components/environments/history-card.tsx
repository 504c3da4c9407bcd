"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { History, Undo2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { MoreFooter } from "#components/ui/more-footer.tsx";
import { Person } from "#components/ui/person.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { rollbackDeployment } from "#lib/deployments/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { historyQuery, type LivePlace } from "#lib/live/client.ts";
import { planQuery } from "#lib/plans/client.ts";

/** What was deployed here; each one can be restored: that makes a plan first, and its page asks before anything happens. */
export function HistoryCard({ place, mayOperate }: { place: LivePlace; mayOperate: boolean }) {
  const t = useTranslations("live.history");
  const toast = useToast();
  const router = useRouter();
  const client = useQueryClient();
  const list = useInfiniteQuery(historyQuery(place));
  const { data, isPending } = list;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const newest = items[0]?.id;
  const restore = useMutation({
    mutationFn: (to: string) => rollbackDeployment(newest ?? to, to),
    onSuccess: (plan) => {
      client.setQueryData(planQuery(plan.digest).queryKey, plan);
      router.push(`/plans/${plan.digest}`);
    },
    onError: (error) => toast.failed(problemOf(error) ?? { code: "INTERNAL" }),
  });
  return (
    <Card className="@container">
      <CardHeader title={t("title")} hint={t("hint")} />
      {isPending && <SkeletonRows rows={4} />}
      {data !== undefined && items.length === 0 && (
        <EmptyState icon={<History aria-hidden />} title={t("none")} />
      )}
      {items.length > 0 && (
        <Table label={t("title")}>
          <thead>
            <tr>
              <Th>{t("when")}</Th>
              <Th>{t("release")}</Th>
              <Th className="@max-4xl:hidden">{t("images")}</Th>
              <Th className="@max-2xl:hidden">{t("by")}</Th>
              <Th>
                <span className="sr-only">{t("restore")}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Tr key={item.id}>
                <Td className="sm:whitespace-nowrap">
                  <Link href={`/deployments/${item.id}`} className="hover:text-accent">
                    <ExactTime at={item.endedAt} style="full" className="max-sm:block max-sm:w-24" />
                  </Link>
                </Td>
                <Td className="w-full max-w-0 max-sm:max-w-40">
                  <span className="flex min-w-0 flex-wrap items-center gap-x-2">
                    <Link
                      href={`/releases/${item.release}`}
                      className="font-mono text-sm whitespace-nowrap hover:text-accent"
                    >
                      {item.release}
                    </Link>
                    {item.kind === "rollback" && <Tag icon={<Undo2 aria-hidden />}>{t("rollback")}</Tag>}
                    {item.current.length === item.images.length ? (
                      <StateBadge state="ok" size="small" text={t("current")} />
                    ) : (
                      item.current.length > 0 && (
                        <StateBadge
                          state="ok"
                          size="small"
                          text={t("partly", { components: item.current.join(", ") })}
                        />
                      )
                    )}
                  </span>
                  <span className="block truncate text-fg-2" title={item.title}>
                    {item.title}
                  </span>
                </Td>
                <Td className="@max-4xl:hidden">
                  {item.images.map((image) => (
                    <span key={image.component} className="flex min-h-6 items-center gap-2 whitespace-nowrap">
                      <span className="text-fg-2">{image.component}</span>
                      <Digest value={image.digest} plain />
                    </span>
                  ))}
                </Td>
                <Td className="@max-2xl:hidden">
                  <Person {...item.by} />
                </Td>
                <Td className="text-right">
                  <Button
                    size="small"
                    icon={<Undo2 aria-hidden />}
                    disabled={!mayOperate || item.current.length === item.images.length}
                    title={mayOperate ? undefined : t("mayNot")}
                    loading={restore.isPending && restore.variables === item.id}
                    onClick={() => restore.mutate(item.id)}
                  >
                    <span className="@max-2xl:sr-only">{t("restore")}</span>
                  </Button>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <MoreFooter list={list}>{t("more")}</MoreFooter>
    </Card>
  );
}
