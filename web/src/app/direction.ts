const KEY = "waymark.direction";

export type Direction = "ltr" | "rtl";

export const chosenDirection = (): Direction => (localStorage.getItem(KEY) === "rtl" ? "rtl" : "ltr");

export const keepDirection = (direction: Direction) => localStorage.setItem(KEY, direction);
