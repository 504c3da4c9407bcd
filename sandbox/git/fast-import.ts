import { readFileSync } from "node:fs";
import type { FileVersion, History, HistoryCommit } from "./history.ts";

const RELEASER = "发布机器人 <release-bot@refract.example>";

/**
 * The history as a stream for `git fast-import`. The same history always gives the same commit ids: nothing in it
 * depends on the clock or on the machine. `folder` holds today's files.
 */
export function fastImportStream(history: History, folder: string): string {
  const marks = new Map<string, number>();
  const parts: string[] = [];
  history.commits.forEach((commit, index) => {
    const mark = index + 1;
    parts.push(commitText(commit, mark, marks, folder));
    marks.set(commit.branch, mark);
    if (commit.tag) {
      parts.push(tagText(commit.tag, mark, commit.date));
      marks.set(commit.tag.name, mark);
    }
  });
  return parts.join("");
}

function commitText(commit: HistoryCommit, mark: number, marks: Map<string, number>, folder: string): string {
  const person = `${commit.author.name} <${commit.author.email}> ${gitTime(commit.date)}`;
  const parent = marks.get(commit.branch) ?? (commit.from ? markOf(marks, commit.from) : undefined);
  const lines = [
    `commit refs/heads/${commit.branch}`,
    `mark :${mark}`,
    `author ${person}`,
    `committer ${person}`,
    data(commit.message),
  ];
  if (parent !== undefined) lines.push(`from :${parent}`);
  if (commit.merge) lines.push(`merge :${markOf(marks, commit.merge)}`);
  for (const [path, version] of Object.entries(commit.files)) lines.push(fileText(path, version, folder));
  return `${lines.join("\n")}\n\n`;
}

function tagText(tag: { name: string; text?: string }, mark: number, date: string): string {
  if (tag.text === undefined) return `reset refs/tags/${tag.name}\nfrom :${mark}\n\n`;
  return `tag ${tag.name}\nfrom :${mark}\ntagger ${RELEASER} ${gitTime(date)}\n${data(tag.text)}\n`;
}

function fileText(path: string, version: FileVersion, folder: string): string {
  if (version === "gone") return `D ${path}`;
  const now = readFileSync(`${folder}/${path}`, "utf8");
  return `M 100644 inline ${path}\n${data(version === "now" ? now : version(now))}`;
}

function markOf(marks: Map<string, number>, name: string): number {
  const mark = marks.get(name);
  if (mark === undefined) throw new Error(`history names ${name} before it exists`);
  return mark;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** `2026-08-03T10:12:00+08:00` -> `1785723120 +0800` */
function gitTime(date: string): string {
  const offset = /([+-]\d\d):(\d\d)$/.exec(date);
  const seconds = Date.parse(date) / 1000;
  if (!offset || !Number.isInteger(seconds)) throw new Error(`not a date with an offset: ${date}`);
  return `${seconds} ${offset[1]}${offset[2]}`;
}
