// A table or chart wider than the screen can be reached and scrolled with the keyboard.
"use strict";
function openToKeyboard() {
  for (const box of document.querySelectorAll(".table-scroll, .chart")) {
    if (box.scrollWidth <= box.clientWidth) {
      box.removeAttribute("tabindex");
      continue;
    }
    const name = box.querySelector("caption, figcaption, img[alt]");
    box.tabIndex = 0;
    if (box.tagName === "DIV" && name) {
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", (name.textContent || name.alt || "").trim());
    }
  }
}
openToKeyboard();
addEventListener("resize", openToKeyboard);
document.addEventListener("htmx:afterSwap", openToKeyboard);
