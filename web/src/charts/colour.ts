/** Contrast as WCAG 2.2 counts it: marks need 3:1 against the surface, text 4.5:1 against what it stands on. */

type Rgb = readonly [number, number, number];

function rgb(hex: string): Rgb {
  const digits = /^#?([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (!digits) throw new RangeError(`Not a colour like #1a2b3c: ${hex}`);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)) as unknown as Rgb;
}

const hex = (colour: Rgb): string => `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance(colour: string): number {
  const [r, g, b] = rgb(colour).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const mixed = (colour: Rgb, towards: Rgb, share: number): Rgb => colour.map((part, i) => part + ((towards[i] ?? 0) - part) * share) as unknown as Rgb;

/** The colour itself if it stands out 3:1 from the surface, else the nearest darker (or, on a dark surface, lighter) one that does. */
export function markColour(colour: string, surface: string): string {
  const away: Rgb = luminance(surface) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.04) {
    const tried = hex(mixed(rgb(colour), away, share));
    if (contrast(tried, surface) >= 3) return tried;
  }
  return hex(away);
}

/** Black or white, whichever reads better on the colour; one of them always passes 4.5:1. */
export const inkOn = (colour: string): "#000000" | "#ffffff" => (contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000");
