// The interactive map: our own outlines as layers, points asked for by window.
// Without it the drawing of the page stays; every text comes from the page.
"use strict";

(function () {
  const box = document.getElementById("map");
  if (!box || !window.L) return;
  const text = box.dataset;
  const status = document.getElementById("map-status");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = !still;
  const isSpanish = document.documentElement.lang.startsWith("es");

  // Grouped as the server groups, which the browser's own list does not promise.
  function grouped(count) {
    return String(count).replace(/\B(?=(\d{3})+$)/g, isSpanish ? "\u00a0" : ",");
  }

  function element(name, words, attributes) {
    const made = document.createElement(name);
    if (words) made.textContent = words;
    Object.entries(attributes || {}).forEach(([key, value]) =>
      made.setAttribute(key, value),
    );
    return made;
  }

  // Shown before Leaflet measures it.
  box.hidden = false;
  const map = L.map(box, {
    zoomControl: false,
    zoomAnimation: motion,
    fadeAnimation: motion,
    markerZoomAnimation: motion,
    maxZoom: 18,
    zoomSnap: 0.5,
  });
  map.attributionControl.setPrefix("Leaflet");
  if (text.notes.trim()) {
    const note = element("span", text.notes.trim());
    map.attributionControl.addAttribution(note.outerHTML);
  }
  L.control
    .zoom({ zoomInTitle: text.zoomInLabel, zoomOutTitle: text.zoomOutLabel })
    .addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const layers = L.control.layers({}, {}, { collapsed: false }).addTo(map);

  // Popups take the focus when they open and give it back when they close.
  let opener = null;
  function openPopup(place, content, from) {
    opener = from;
    L.popup({ autoPanPadding: [24, 24], maxWidth: 260 })
      .setLatLng(place)
      .setContent(content)
      .openOn(map);
  }
  map.on("popupopen", (event) => {
    const frame = event.popup.getElement();
    const close = frame.querySelector(".leaflet-popup-close-button");
    if (close) close.setAttribute("aria-label", text.closeLabel);
    frame.setAttribute("role", "dialog");
    frame.setAttribute("aria-label", event.popup.getContent().firstChild.textContent);
    frame.setAttribute("tabindex", "-1");
    frame.focus({ preventScroll: true });
  });
  map.on("popupclose", () => {
    // A mark that moved away with the map gives the focus to the map.
    const back = opener && opener.isConnected ? opener : box;
    if (opener) back.focus({ preventScroll: true });
    opener = null;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });

  // Leaflet answers to the mouse; Enter and the space bar do the same here.
  function answerKeys(target, act) {
    target.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    });
  }

  // Areas
  function areaPopup(facts) {
    const content = element("div");
    content.append(element("p", facts.words));
    const link = element("a", text.openLabel, { href: facts.href });
    const line = element("p");
    line.append(link);
    content.append(line);
    return content;
  }

  function drawAreas(collection) {
    const areas = L.geoJSON(collection, {
      style: (feature) => ({
        className: "map-area " + feature.properties.style,
        color: "#5b6672",
        weight: feature.properties.own ? 4 : 1,
        fillColor: feature.properties.fill,
        fillOpacity: 0.85,
      }),
      onEachFeature: (feature, layer) => {
        layer.bindTooltip(feature.properties.words, { sticky: true });
        layer.on("click", (event) =>
          openPopup(event.latlng, areaPopup(feature.properties), layer.getElement()),
        );
        layer.on("add", () => reachable(layer, feature.properties));
      },
    });
    areas.addTo(map);
    layers.addOverlay(areas, text.areasLabel);
    map.fitBounds(areas.getBounds(), { animate: false, padding: [8, 8] });
    areas.eachLayer((layer) => layer.feature.properties.own && layer.bringToFront());
  }

  function reachable(layer, facts) {
    const path = layer.getElement();
    if (!path) return;
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", facts.words);
    answerKeys(path, () =>
      openPopup(layer.getBounds().getCenter(), areaPopup(facts), path),
    );
  }

  // Points
  const marks = L.layerGroup();
  let asking = null;

  function act(mark, words, what) {
    mark.on("click", what);
    mark.on("add", () => {
      mark.getElement().setAttribute("aria-label", words);
      answerKeys(mark.getElement(), what);
    });
  }

  function cellMark([latitude, longitude, count]) {
    const shown = grouped(count);
    const rank = Math.min(String(count).length, 5);
    const size = 22 + 6 * rank;
    const words = text.groupLabel.replace("{count}", shown);
    const mark = L.marker([latitude, longitude], {
      icon: L.divIcon({
        className: "map-cell map-cell-" + rank,
        html: element("span", shown),
        iconSize: [size, size],
      }),
      title: words,
    });
    act(mark, words, () =>
      map.setView([latitude, longitude], Math.min(map.getZoom() + 2, map.getMaxZoom()), {
        animate: motion,
      }),
    );
    return mark;
  }

  function pointMark([latitude, longitude, day, offence, precision, code]) {
    const words = [day, offence, precision].join(" · ");
    const mark = L.marker([latitude, longitude], {
      icon: L.divIcon({
        className: "map-point map-point-" + code,
        iconSize: [16, 16],
      }),
      title: words,
    });
    act(mark, words, () => {
      const content = element("div");
      [offence, day, precision].forEach((line) => content.append(element("p", line)));
      openPopup([latitude, longitude], content, mark.getElement());
    });
    return mark;
  }

  function address() {
    const seen = map.getBounds();
    const edges = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
    const window_ = edges.map((edge) => edge.toFixed(5)).join(",");
    return `${text.points}&bbox=${window_}&zoom=${Math.round(map.getZoom())}`;
  }

  async function drawPoints() {
    if (!map.hasLayer(marks)) return;
    if (asking) asking.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(address(), { signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      const make = found.kind === "cells" ? cellMark : pointMark;
      marks.clearLayers();
      found.items.forEach((item) => make(item).addTo(marks));
      box.dataset.kind = found.kind;
      status.textContent = text.seenLabel.replace("{count}", grouped(found.total));
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = text.failedLabel;
    }
  }

  function startPoints() {
    const key = document.querySelector(".map-precisions");
    if (key) key.hidden = false;
    layers.addOverlay(marks, text.pointsLabel);
    map.on("moveend", drawPoints);
    marks.on("add", drawPoints);
    marks.addTo(map);
  }

  async function start() {
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", text.label);
    const answer = await fetch(text.areas);
    if (!answer.ok) throw new Error(String(answer.status));
    drawAreas(await answer.json());
    const drawing = document.querySelector("#static-map > .map-drawing");
    if (drawing) drawing.classList.add("map-defs");
    if (text.points) startPoints();
  }

  start().catch(() => {
    box.hidden = true;
    status.textContent = text.areasFailedLabel;
  });
})();
