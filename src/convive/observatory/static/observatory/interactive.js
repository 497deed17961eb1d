/* A chart that answers to the mouse, in the place of its picture, when asked for.
   The script is large and comes only then; without it the picture stays. */
"use strict";

(() => {
  const loadScript = (address) =>
    new Promise((resolve, reject) => {
      if (window.vegaEmbed) {
        resolve();
        return;
      }
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });

  const draw = async (figure, button) => {
    button.disabled = true;
    button.textContent = button.dataset.waiting;
    try {
      const [answer] = await Promise.all([
        fetch(button.dataset.spec, { credentials: "same-origin" }),
        loadScript(button.dataset.bundle),
      ]);
      if (!answer.ok) throw new Error(answer.statusText);
      const place = document.createElement("div");
      place.className = "chart-live";
      figure.append(place);
      // The policy of the page forbids eval and style elements: expressions are
      // interpreted, and the tooltip's look is in our stylesheet.
      await window.vegaEmbed(place, await answer.json(), {
        actions: false,
        ast: true,
        defaultStyle: false,
        renderer: "canvas",
        tooltip: { disableDefaultStyle: true },
      });
      figure.querySelector("img").hidden = true;
      button.remove();
    } catch {
      button.disabled = false;
      button.textContent = button.dataset.failed;
    }
  };

  for (const button of document.querySelectorAll("button[data-spec]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      draw(button.closest("figure"), button);
    });
  }
})();
