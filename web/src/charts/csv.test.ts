import { expect, test } from "vitest";
import { csv } from "./csv.ts";

test.each(["=1+1", "+1", "-1", "@x", "\tx"])("p33: the cell %j is neutralised", (text) => {
  expect(csv([[text]])).toContain(`'${text}`);
});

test("quotes, commas and line breaks survive; numbers stay numbers", () => {
  expect(csv([['a "b", c', -3], ["x\ny", 0.5]])).toBe('\ufeff"a ""b"", c",-3\r\n"x\ny",0.5\r\n');
});
