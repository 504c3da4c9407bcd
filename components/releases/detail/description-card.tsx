import { useTranslations } from "next-intl";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";

/** What the creator wrote about the change. Plain text, line breaks kept. */
export function DescriptionCard({ text }: { text: string }) {
  const t = useTranslations("releases");
  if (text.trim() === "") return null;
  return (
    <Card>
      <CardHeader title={t("description")} />
      <CardBody className="break-words whitespace-pre-wrap text-fg-2">{text}</CardBody>
    </Card>
  );
}
