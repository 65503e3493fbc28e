/** Where a command's text goes: to whom it is given, one line or table at a time. */

export type Print = (text: string) => void;

export const onConsole: Print = (text) => console.log(text);
