// What asks eConnect takes seconds: it says so, and a second click does nothing.
"use strict";

const SECONDS_BETWEEN_LOOKS = 5;

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

// The owner may accept while somebody looks at the request.
async function follow() {
    const shown = document.querySelector("#request[data-followed]");
    if (!shown) return;
    try {
        if (!document.hidden && !isAsking) {
            const answer = await fetch(location.href, { cache: "no-store" });
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            const state = page.getElementById("request")?.dataset.state;
            if (answer.redirected || (state && state !== shown.dataset.state && !isAsking)) return location.reload();
        }
    } catch {
        // the server is away for a moment; the next look may find it
    }
    setTimeout(follow, SECONDS_BETWEEN_LOOKS * 1000);
}

document.addEventListener("DOMContentLoaded", () => setTimeout(follow, SECONDS_BETWEEN_LOOKS * 1000));

// The browser may bring the page back as it was left.
addEventListener("pageshow", () => {
    isAsking = false;
    document.getElementById("waiting").textContent = "";
});
