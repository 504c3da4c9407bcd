"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

/** A card of a project with a pencil that opens the form for what it shows; off for who may not manage the project. */
export function EditedCard({
  title,
  edit,
  mayManage,
  form,
  children,
}: {
  title: string;
  /** What the pencil is called. */
  edit: string;
  mayManage: boolean;
  form: (close: () => void) => ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("projects");
  const [editing, setEditing] = useState(false);
  return (
    <Card>
      <CardHeader
        title={title}
        actions={
          <IconButton
            size="small"
            label={mayManage ? edit : t("needsOwner")}
            disabled={!mayManage}
            icon={<Pencil aria-hidden />}
            onClick={() => setEditing(true)}
          />
        }
      />
      {children}
      {editing && form(() => setEditing(false))}
    </Card>
  );
}
