const LINES = [
  "\u001b[32m[INFO]\u001b[0m 第 {n} 步：编译模块 quote-engine，校验通过，行情组件打包完成",
  "[INFO] Downloaded from central: https://repo.example.com/maven2/org/example/lib-{n}.jar (812 kB at 3 MB/s)",
  '\u001b[1;38;5;208mWARN\u001b[0m <img src=x onerror="window.hacked={n}"><script>window.hacked={n}</script> & {n}',
  "\u001b]8;;javascript:window.hacked={n}\u001b\\点这里 {n}\u001b]8;;\u001b\\ [x](javascript:window.hacked={n})",
  "\u001b[38;2;12;200;99m进度 {n}%\u001b[0m\rdone {n} 🚀 𠮷野家",
];

/** A console of about so many bytes: colours, HTML, links that would do harm, Chinese; every line differs. */
export function largeLog(bytes: number): Buffer {
  const parts: Buffer[] = [];
  for (let total = 0, line = 0; total < bytes; ) {
    let text = "";
    for (let end = line + 2000; line < end; line += 1) {
      text += `${(LINES[line % LINES.length] ?? "").replaceAll("{n}", String(line))}\n`;
    }
    const part = Buffer.from(text);
    parts.push(part);
    total += part.length;
  }
  return Buffer.concat([...parts, Buffer.from("Finished: SUCCESS\n")]);
}
