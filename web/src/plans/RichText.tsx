import { Typography } from "@mantine/core";
import { createElement, Fragment, useMemo, type ReactNode } from "react";
import classes from "./plans.module.css";

const TAGS = new Set(["p", "br", "strong", "b", "em", "i", "u", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote"]);

const safeLink = (href: string | null) => (href && /^(https?:|mailto:)/i.test(href) ? href : undefined);

function rendered(node: Node, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const inside = [...node.childNodes].map(rendered);
  const tag = node.localName;
  if (tag === "script" || tag === "style") return null;
  if (!TAGS.has(tag)) return <Fragment key={key}>{inside}</Fragment>;
  if (tag === "br") return <br key={key} />;
  const attributes = tag === "a" ? { href: safeLink(node.getAttribute("href")), rel: "noreferrer", target: "_blank" } : {};
  return createElement(tag, { key, ...attributes }, ...inside);
}

/** Formatted text that somebody typed. It is built from the tags that are allowed, never put into the page as it came. */
export function RichText({ html }: { html: string }) {
  const content = useMemo(() => [...new DOMParser().parseFromString(html, "text/html").body.childNodes].map(rendered), [html]);
  return <Typography className={classes["prose"]}>{content}</Typography>;
}
