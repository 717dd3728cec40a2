// A page that shows a run at work follows it, without a reload, until it has ended.
"use strict";

const SECONDS_BETWEEN_LOOKS = 2;
const SECONDS_BETWEEN_WORDS = 10; // more often, and a screen reader says nothing else

let spokenAt = 0;

const isActive = () => document.querySelector("[data-live][data-active]") !== null;

// A button that has the focus keeps it.
function replace(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    if (focused?.type === "submit") fresh.querySelector("button[type=submit]")?.focus();
    else if (focused?.href) [...fresh.querySelectorAll("a")].find((a) => a.href === focused.href)?.focus();
}

function speak(words) {
    if (isActive() && Date.now() - spokenAt < SECONDS_BETWEEN_WORDS * 1000) return;
    spokenAt = Date.now();
    const said = document.getElementById("said");
    if (said.textContent !== words) said.textContent = words;
}

// True while there is more to come.
async function look() {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, cache: "no-store" });
    if (answer.redirected) { // logged out, or the run is gone
        const hasForm = document.getElementById("batchjob_form"); // what was typed there would be lost
        if (!hasForm) location.reload();
        return false;
    }
    if (!answer.ok) return true;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live]")) {
        const fresh = page.getElementById(old.id);
        if (fresh) replace(old, fresh);
    }
    speak(document.querySelector("[data-said]")?.dataset.said ?? "");
    return isActive();
}

async function follow() {
    let goesOn = true;
    try {
        if (!document.hidden) goesOn = await look();
    } catch {
        // the server is away for a moment; the next look may find it
    }
    if (goesOn) setTimeout(follow, SECONDS_BETWEEN_LOOKS * 1000);
}

document.addEventListener("DOMContentLoaded", () => setTimeout(follow, SECONDS_BETWEEN_LOOKS * 1000));
