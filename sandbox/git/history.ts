/** A person who appears in the demo histories. */
export interface Author {
  name: string;
  email: string;
}

/**
 * Content of a file in one commit: `now` is the file as it is in the repository's folder, a function makes an older
 * (or broken) version of that, `gone` removes it.
 */
export type FileVersion = "now" | "gone" | ((now: string) => string);

export interface HistoryCommit {
  branch: string;
  /** For the first commit of a branch: the branch or tag it starts from. */
  from?: string;
  /** A branch that this commit merges. */
  merge?: string;
  author: Author;
  /** ISO time with offset. */
  date: string;
  message: string;
  files: Record<string, FileVersion>;
  /** Annotated when it has a text. */
  tag?: { name: string; text?: string };
}

export interface History {
  /** Name of the repository and of its folder below `repositories/`. */
  name: string;
  /** Oldest first; the last state of `main` is the folder. */
  commits: HistoryCommit[];
}

export const AUTHORS = {
  chen: { name: "陈思远", email: "chen.siyuan@refract.example" },
  lin: { name: "林晓雨", email: "lin.xiaoyu@refract.example" },
  wang: { name: "王海涛", email: "wang.haitao@refract.example" },
  zhou: { name: "周婷", email: "zhou.ting@refract.example" },
  daniel: { name: "Daniel Wu", email: "daniel.wu@refract.example" },
} as const satisfies Record<string, Author>;

/** A version of today's text with each `[today, then]` pair exchanged. Throws when a text is not there (any more). */
export function older(...pairs: [today: string, then: string][]): (now: string) => string {
  return (now) => {
    let text = now;
    for (const [today, then] of pairs) {
      if (!text.includes(today))
        throw new Error(`history is out of date: no ${JSON.stringify(today)} in the file`);
      text = text.replace(today, () => then);
    }
    return text;
  };
}

/** A change log as it was when `heading` was its newest section. */
export function changelogFrom(heading: string): (now: string) => string {
  return (now) => {
    const start = now.indexOf(heading);
    const first = now.indexOf("## ");
    if (start < 0 || first < 0) throw new Error(`history is out of date: no ${heading} in the change log`);
    return now.slice(0, first) + now.slice(start);
  };
}
