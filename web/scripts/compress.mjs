// Puts a compressed copy beside every text file of the build, so that whoever serves it need not compress at each request.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (!/\.(js|css|svg|html)$/.test(name)) continue;
  const content = readFileSync(new URL(name, dist));
  if (content.length < 1000) continue;
  writeFileSync(new URL(`${name}.gz`, dist), gzipSync(content, { level: 9 }));
  writeFileSync(new URL(`${name}.br`, dist), brotliCompressSync(content));
}
