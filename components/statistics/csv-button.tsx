"use client";

import { Download } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { saveCsv } from "./save-csv.ts";

/** Gives the numbers of a card as the file `<file>.csv`. */
export function CsvButton({ file, csv, disabled }: { file: string; csv: () => string; disabled: boolean }) {
  return (
    <Button
      size="small"
      icon={<Download aria-hidden />}
      disabled={disabled}
      onClick={() => saveCsv(file, csv())}
    >
      CSV
    </Button>
  );
}
