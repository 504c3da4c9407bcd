import { notFound } from "next/navigation";
import { AppError } from "#lib/errors.ts";

/** For pages: what a query answers, or the "no such page" page where it says NOT_FOUND. Other errors pass through. */
export async function orNotFound<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
