// Writes src/i18n/en-XA.json from en.json: accented and a third longer, so that a text that is not in the catalogue, or a place too narrow for German, shows at once.
import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { printAST } from "@formatjs/icu-messageformat-parser/printer.js";

const accents = Object.fromEntries([..."aàbƀcçdðeéfƒgĝhĥiîjĵkķlļmɱnñoöpþqǫrŕsštţuûvṽwŵxẋyýzžAÀBƁCÇDÐEÉFƑGĜHĤIÎJĴKĶLĻMṀNÑOÖPÞQǪRŔSŠTŢUÛVṼWŴXẊYÝZŽ"].reduce((pairs, letter, i, all) => (i % 2 ? [...pairs, [all[i - 1], letter]] : pairs), []));

const lengthened = (text) => text.replace(/[A-Za-z]/g, (letter) => accents[letter] ?? letter).replace(/\p{L}{4,}/gu, (word) => word + "~".repeat(Math.ceil(word.length / 3)));

const element = (part) => {
  switch (part.type) {
    case TYPE.literal:
      return { ...part, value: lengthened(part.value) };
    case TYPE.plural:
    case TYPE.select:
      return { ...part, options: Object.fromEntries(Object.entries(part.options).map(([key, option]) => [key, { ...option, value: option.value.map(element) }])) };
    case TYPE.tag:
      return { ...part, children: part.children.map(element) };
    default:
      return part;
  }
};

/** @param {Record<string, string>} messages the English catalogue */
export const pseudo = (messages) => Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, `[${printAST(parse(text).map(element))}]`]));

if (argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL("../src/i18n/", import.meta.url);
  const messages = JSON.parse(readFileSync(new URL("en.json", folder), "utf8"));
  writeFileSync(new URL("en-XA.json", folder), `${JSON.stringify(pseudo(messages), null, 2)}\n`);
}
