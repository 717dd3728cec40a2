// What asks eConnect takes seconds: it says so, and a second click does nothing.
"use strict";

let isAsking = false;

document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-asks], #authorisationrequest_form")) return;
    if (isAsking) {
        event.preventDefault();
        return;
    }
    isAsking = true;
    const waiting = document.getElementById("waiting");
    waiting.textContent = waiting.dataset.words;
});

// The browser may bring the page back as it was left.
addEventListener("pageshow", () => {
    isAsking = false;
    document.getElementById("waiting").textContent = "";
});
