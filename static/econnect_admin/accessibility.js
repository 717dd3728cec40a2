// What django-unfold's pages lack for who does not see them: landmarks, names, and room to point at.
"use strict";

function name(element, words) {
    if (element && words && !element.hasAttribute("aria-label")) element.setAttribute("aria-label", words);
}

function nameWhatScrolls() {
    const scrolling = document.querySelector("#nav-sidebar-apps .simplebar-content-wrapper");
    scrolling?.removeAttribute("role"); // it stands in a landmark already
    scrolling?.removeAttribute("aria-label");
    const page = document.querySelector("h1")?.innerText.trim();
    for (const other of document.querySelectorAll("[aria-label='scrollable content']")) {
        other.setAttribute("aria-label", page || document.title); // SimpleBar's own is English
    }
}

function nameChoices() {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
        const label = select.labels?.[0]?.innerText;
        const shown = select.nextElementSibling;
        name(shown?.querySelector(".select2-search__field"), label);
        name(shown?.querySelector("[role=combobox]:not([aria-labelledby])"), label);
    }
}

// The column of the buttons that remove a row has no heading.
function headNothing() {
    for (const heading of document.querySelectorAll("[id$=-group] th:not([role])")) {
        if (!heading.textContent.trim()) heading.setAttribute("role", "cell");
    }
}

document.addEventListener("DOMContentLoaded", () => {
    headNothing();
    (document.getElementById("main") ?? document.getElementById("page"))?.setAttribute("role", "main");
    name(document.getElementById("nav-sidebar-inner"), document.querySelector(".ec-on-wide")?.ariaLabel);
    name(document.getElementById("tabs-items"), document.querySelector("h1")?.innerText.trim());
    for (const select of document.querySelectorAll("select[multiple][data-allow-clear]")) {
        select.dataset.allowClear = "false"; // its cross would be an item of a list without being one
    }
    // Scrolling and choices are made by scripts that come later.
    new MutationObserver(() => { nameWhatScrolls(); nameChoices(); })
        .observe(document.body, { childList: true, subtree: true });
});
