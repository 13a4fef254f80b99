export function pseudo(messages: Record<string, string>): Record<string, string>;
