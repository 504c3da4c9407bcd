import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256 } from "#lib/crypto.ts";
import { git } from "#sandbox/git/git.ts";
import type { Chance } from "./chance.ts";

const CHANGES = [
  ["缩短日终批处理的等待", "按营业部分片并行，单片失败只重跑该片。"],
  ["对账差异按产品汇总", "差异为零的产品不再列出；导出文件列顺序不变。"],
  ["补记交收失败的重试次数", "重试三次后转人工，并在日志里写明批次号。"],
  ["修正节假日顺延的交收日", "港股通与沪深节假日不一致时，以较晚者为准。"],
  ["调整数据库连接池上限", "上限由 20 改为 32，空闲十分钟后归还。"],
  ["升级日志组件", "不改变日志格式；敏感字段仍按名单脱敏。"],
] as const;
const AUTHORS = [
  { name: "陈思远", email: "chen.siyuan@refract.example" },
  { name: "林晓雨", email: "lin.xiaoyu@refract.example" },
  { name: "王海涛", email: "wang.haitao@refract.example" },
] as const;

export type PastCommit = {
  /** Made up until it is written. */
  id: string;
  subject: string;
  body: string;
  author: { name: string; email: string };
  /** Milliseconds. */
  at: number;
};

/** A commit of the day on which it is released. @param released milliseconds */
export function pastCommit(released: number, chance: Chance): PastCommit {
  const [subject, body] = chance.one(CHANGES);
  const number = 2000 + (Math.floor(released / 86_400_000) % 1000);
  const at = released - chance.minutes(10, 90);
  const id = sha256(`${subject} ${released} ${chance.part()}`).slice(0, 40);
  return { id, subject: `CL-${number} ${subject}`, body, author: chance.one(AUTHORS), at };
}

/**
 * Makes a bare repository whose branch `main` has these commits, in their order, in place of what is there.
 * @param path of the repository
 * @returns their ids, in the same order
 */
export async function writeCommits(path: string, commits: readonly PastCommit[]): Promise<string[]> {
  const work = await mkdtemp(join(tmpdir(), "refract-history-"));
  try {
    const bare = join(work, "made.git");
    const marks = join(work, "marks");
    await git(["init", "--quiet", "--bare", bare]);
    await git(["--git-dir", bare, "symbolic-ref", "HEAD", "refs/heads/main"]);
    const input = commits.map(commitText).join("");
    await git(["--git-dir", bare, "fast-import", "--quiet", `--export-marks=${marks}`], { input });
    const ids = new Map(
      (await readFile(marks, "utf8")).split("\n").map((line) => {
        const [mark = "", id = ""] = line.split(" ");
        return [mark, id] as const;
      }),
    );
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { recursive: true, force: true });
    await rename(bare, path);
    return commits.map((_, index) => ids.get(`:${index + 1}`) ?? "");
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function commitText({ subject, body, author, at }: PastCommit, index: number): string {
  const person = `${author.name} <${author.email}> ${Math.floor(at / 1000)} +0800`;
  return [
    "commit refs/heads/main",
    `mark :${index + 1}`,
    `author ${person}`,
    `committer ${person}`,
    data(`${subject}\n\n${body}\n`),
    ...(index === 0 ? [] : [`from :${index}`]),
    `M 100644 inline changes/${String(index + 1).padStart(4, "0")}.md`,
    data(`# ${subject}\n\n${body}\n`),
    "\n",
  ].join("\n");
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;
