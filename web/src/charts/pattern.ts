/** A texture a level, so that colour is never the only carrier. Drawn in the mark's ink at a strength that leaves labels readable. */
const TEXTURES = [
  () => ({ image: "none" }),
  (ink: string) => ({ image: `repeating-linear-gradient(45deg, ${ink} 0 1.5px, transparent 1.5px 8px)` }),
  (ink: string) => ({ image: `radial-gradient(${ink} 1.4px, transparent 1.8px)`, size: "8px 8px" }),
  (ink: string) => ({ image: `repeating-linear-gradient(90deg, ${ink} 0 1.5px, transparent 1.5px 7px)` }),
  (ink: string) => ({ image: `repeating-linear-gradient(0deg, ${ink} 0 1.5px, transparent 1.5px 7px)` }),
  (ink: string) => ({ image: `repeating-linear-gradient(-45deg, ${ink} 0 1.5px, transparent 1.5px 8px)` }),
  (ink: string) => ({ image: `repeating-linear-gradient(45deg, ${ink} 0 1px, transparent 1px 7px), repeating-linear-gradient(-45deg, ${ink} 0 1px, transparent 1px 7px)` }),
  (ink: string) => ({ image: `repeating-linear-gradient(0deg, ${ink} 0 1px, transparent 1px 7px), repeating-linear-gradient(90deg, ${ink} 0 1px, transparent 1px 7px)` }),
];

/** CSS backgrounds for the part at `place` in scale order. */
export function texture(place: number, ink: string): { backgroundImage: string; backgroundSize?: string } {
  const { image, size } = (TEXTURES[place % TEXTURES.length] ?? TEXTURES[0])?.(`color-mix(in srgb, ${ink} 34%, transparent)`) as { image: string; size?: string };
  return { backgroundImage: image, ...(size && { backgroundSize: size }) };
}

/** Grey hatching belongs to "not yet updated" alone. */
export const notYetTexture = (surface: string) => ({ backgroundImage: `repeating-linear-gradient(135deg, ${surface} 0 2px, transparent 2px 6px)` });
