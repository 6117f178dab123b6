// What leaves the page, and only by the hand of its reader: the copied message, and a santun.toml as a download.

/** Copies a text; says whether that went well. Pages of an intranet without TLS, too, may copy in the older way. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    let done = false;
    const fill = (event: ClipboardEvent) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
      done = true;
    };
    document.addEventListener("copy", fill, { capture: true, once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", fill, { capture: true });
    return done;
  }
}

export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
