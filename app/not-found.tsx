import { Compass } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";

/** An address that leads nowhere, or to what the reader may not see (the two look alike on purpose). */
export default function NotFound() {
  const t = useTranslations("shell.notFound");
  return (
    <div className="grid min-h-[70vh] flex-1 place-items-center">
      <EmptyState
        icon={<Compass aria-hidden />}
        title={t("title")}
        action={<Button href="/">{t("home")}</Button>}
      >
        {t("text")}
      </EmptyState>
    </div>
  );
}
