// Quick Connect: the server says where in the line each field stands, so that the keys need not come back.
"use strict";

// What the server counts in is characters; a string here counts some of them twice.
function fill(form, line, places) {
    const characters = [...line];
    for (const [name, [start, end]] of Object.entries(places)) {
        const field = form.elements[name];
        field.value = characters.slice(start, end).join("");
        field.dispatchEvent(new Event("input", { bubbles: true }));
        const clearing = form.elements[`clear_${name}`];
        if (clearing) clearing.checked = false;
    }
}

async function readLine(frame, line, form) {
    const answer = await fetch(frame.dataset.quickConnect, {
        method: "POST",
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: new URLSearchParams({ line }),
    });
    if (!answer.ok || answer.redirected) throw new Error("no answer");
    return answer.json();
}

async function quickConnect(frame) {
    const input = frame.querySelector("input");
    const said = frame.parentElement.querySelector(".ec-quick-said");
    try {
        const { places, faults } = await readLine(frame, input.value, input.form);
        if (places) {
            fill(input.form, input.value, places);
            input.value = "";
        }
        input.setAttribute("aria-invalid", places ? "false" : "true");
        said.classList.toggle("ec-alarm", !places);
        said.textContent = places ? said.dataset.filled : faults.join(" ");
    } catch {
        said.textContent = frame.dataset.unreachable;
    }
}

document.addEventListener("DOMContentLoaded", () => {
    for (const frame of document.querySelectorAll("[data-quick-connect]")) {
        frame.querySelector("button").addEventListener("click", () => quickConnect(frame));
        // Enter reads the line; it does not save what has not been filled in yet.
        frame.querySelector("input").addEventListener("keydown", (event) => {
            if (event.key !== "Enter" || !event.target.value.trim()) return;
            event.preventDefault();
            quickConnect(frame);
        });
    }
});
