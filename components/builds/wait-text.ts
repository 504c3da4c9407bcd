import { useTranslations } from "next-intl";

type Waiting = { queueWhy: string | null; queueReason: string | null; queueAhead?: number | null };

/** Why a build does not go on: its place, why in our words, with the words of whoever keeps it waiting; null when nothing does. */
export function useWaitText(): (build: Waiting) => string | null {
  const t = useTranslations("builds");
  return ({ queueWhy, queueReason, queueAhead = null }) => {
    if (queueWhy === null) return queueReason;
    const why = t.has(`waits.${queueWhy}`) ? t(`waits.${queueWhy}`) : queueWhy;
    const place = queueAhead === null ? null : t("ahead", { count: queueAhead });
    return [place, why, queueReason].filter((part) => part !== null).join(t("waitSeparator"));
  };
}
