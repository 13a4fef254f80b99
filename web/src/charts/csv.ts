/** A spreadsheet must not run what a person typed: a cell that begins like a formula gets an apostrophe (P33). */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, with a byte order mark so that spreadsheets read it as UTF-8. */
export const csv = (rows: readonly (readonly (string | number)[])[]): string => "\ufeff" + rows.map((row) => row.map(cell).join(",") + "\r\n").join("");

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
