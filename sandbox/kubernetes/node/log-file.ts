import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

export interface LogRequest {
  write: (text: string) => void;
  /** Registers what to do when the reader goes away. */
  ended: (stop: () => void) => void;
  timestamps: boolean;
  follow: boolean;
  /** Lines from before this time (ms since 1970) are left out. */
  since: number;
  tailLines: number | undefined;
  limitBytes: number | undefined;
}

interface Line {
  time: string;
  text: string;
}

/** The output of one run of a container, one timestamped line each, on disk and to followers. */
export class LogFile {
  private readonly path: string;
  private readonly followers = new Set<(line: Line | undefined) => void>();
  private rests = new Map<string, string>();
  private open: boolean;

  constructor(path: string, writable: boolean) {
    this.path = path;
    this.open = writable;
    if (!writable) return;
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, "");
  }

  /** Takes output as it comes; a stream's unfinished last line waits for its end. */
  write(stream: "stdout" | "stderr", text: string): void {
    const lines = ((this.rests.get(stream) ?? "") + text).split("\n");
    this.rests.set(stream, lines.pop() ?? "");
    for (const line of lines) this.add(stream, line);
  }

  close(): void {
    for (const [stream, rest] of this.rests) if (rest !== "") this.add(stream, rest);
    this.rests = new Map();
    this.open = false;
    for (const follower of this.followers) follower(undefined);
    this.followers.clear();
  }

  private add(stream: string, text: string): void {
    const time = new Date().toISOString().replace("Z", "000000Z");
    appendFileSync(this.path, `${time} ${stream} F ${text}\n`);
    for (const follower of this.followers) follower({ time, text });
  }

  private read(): Line[] {
    let content = "";
    try {
      content = readFileSync(this.path, "utf8");
    } catch {
      return [];
    }
    return content.split("\n").flatMap((line) => {
      const match = /^(\S+) (?:stdout|stderr) F (.*)$/s.exec(line);
      return match ? [{ time: match[1] ?? "", text: match[2] ?? "" }] : [];
    });
  }

  /** Writes what is there, and what comes while following; resolves at the end of the run or of the reader. */
  async stream(request: LogRequest): Promise<void> {
    let left = request.limitBytes ?? Number.POSITIVE_INFINITY;
    const emit = (line: Line) => {
      if (left <= 0) return;
      const text = Buffer.from(`${request.timestamps ? `${line.time} ` : ""}${line.text}\n`);
      request.write(text.subarray(0, Math.min(left, text.length)).toString("utf8"));
      left -= text.length;
    };
    const lines = this.read().filter((line) => Date.parse(line.time) >= request.since);
    const { tailLines } = request;
    for (const line of tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines)))
      emit(line);
    if (!request.follow || !this.open || left <= 0) return;
    await new Promise<void>((resolve) => {
      const follower = (line: Line | undefined) => {
        if (line) emit(line);
        if (line && left > 0) return;
        this.followers.delete(follower);
        resolve();
      };
      this.followers.add(follower);
      request.ended(() => follower(undefined));
    });
  }
}
