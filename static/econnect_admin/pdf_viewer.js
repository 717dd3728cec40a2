// Draws a PDF that the page around this frame hands over. The frame has an origin of its own and no way out:
// whatever a file can do to what reads it, it reaches neither the session nor another address.
import { AnnotationMode, getDocument, GlobalWorkerOptions, TextLayer } from "../vendor/pdfjs/pdf.min.mjs";

const VENDOR = new URL("../vendor/pdfjs/", import.meta.url).href;
const MOST_PAGES = 2000;
const MOST_PIXELS = 2 ** 26; // of an image in the file, and of a page on the screen
const MARGIN = 16; // pixels beside a page that is as wide as the frame
const STEP = 1.25;
const [SMALLEST, LARGEST] = [0.25, 8];

const area = document.getElementById("pages");
const view = document.documentElement; // what scrolls
const place = document.getElementById("place");
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
const tell = (message) => parent.postMessage(message, "*"); // it holds nothing of the document

let pages = [];
let zoom = 1; // 1: as wide as the frame

GlobalWorkerOptions.workerSrc = `${VENDOR}pdf.worker.min.mjs`;

class Sheet {
    constructor(file, number, size) {
        [this.file, this.number, this.size] = [file, number, size];
        this.element = document.createElement("div");
        this.element.className = "page";
        this.fit();
    }

    // A CSS pixel is as many points of the page as this.
    get scale() {
        return (zoom * (view.clientWidth - MARGIN)) / this.size.width;
    }

    fit() {
        this.element.style.width = `${this.size.width * this.scale}px`;
        this.element.style.height = `${this.size.height * this.scale}px`;
        this.element.style.setProperty("--total-scale-factor", this.scale);
    }

    async draw() {
        if (this.drawing) return;
        const mine = (this.drawing = {});
        const page = await this.file.getPage(this.number);
        if (this.drawing !== mine) return;
        this.size = page.getViewport({ scale: 1 });
        this.fit();
        const sharp = Math.min(devicePixelRatio, Math.sqrt(MOST_PIXELS / 4 / (this.size.width * this.size.height)) / this.scale);
        const viewport = page.getViewport({ scale: this.scale * sharp });
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)];
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", filled(area.dataset.page, { page: this.number }));
        mine.task = page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE });
        await mine.task.promise;
        if (this.drawing !== mine) return;
        const text = document.createElement("div");
        text.className = "textLayer";
        this.element.replaceChildren(canvas, text);
        const source = page.streamTextContent();
        await new TextLayer({ textContentSource: source, container: text, viewport: page.getViewport({ scale: this.scale }) }).render();
    }

    erase() {
        this.drawing?.task?.cancel();
        this.drawing = null;
        this.element.replaceChildren();
    }
}

const nearby = new IntersectionObserver((entries) => {
    for (const entry of entries) {
        const sheet = pages.find((page) => page.element === entry.target);
        if (!entry.isIntersecting) sheet?.erase();
        else sheet?.draw().catch((error) => { if (error?.name !== "RenderingCancelledException") failed(error); });
    }
}, { root: document, rootMargin: "100% 0px" });

function failed(error) {
    console.warn(error?.message);
    tell("failed");
}

function sayPlace() {
    const middle = view.scrollTop + view.clientHeight / 2;
    const at = pages.findLast((page) => page.element.offsetTop <= middle) ?? pages[0];
    const said = filled(place.dataset.words, { page: at?.number ?? 0, pages: pages.length });
    if (place.textContent !== said) place.textContent = said;
}

// The place on the page stays where it is.
function zoomTo(wanted) {
    const above = view.scrollTop / view.scrollHeight;
    zoom = Math.min(LARGEST, Math.max(SMALLEST, wanted));
    for (const page of pages) {
        nearby.unobserve(page.element);
        page.erase();
        page.fit();
        nearby.observe(page.element);
    }
    view.scrollTop = above * view.scrollHeight;
    sayPlace();
}

async function show(data) {
    const file = await getDocument({
        data,
        wasmUrl: VENDOR,
        isEvalSupported: false,
        enableXfa: false,
        useSystemFonts: true,
        maxImageSize: MOST_PIXELS,
        canvasMaxAreaInBytes: MOST_PIXELS * 4,
        stopAtErrors: false,
        verbosity: 0,
    }).promise;
    const size = (await file.getPage(1)).getViewport({ scale: 1 });
    const numbers = Array.from({ length: Math.min(file.numPages, MOST_PAGES) }, (_none, at) => at + 1);
    pages = numbers.map((number) => new Sheet(file, number, size));
    area.replaceChildren(...pages.map((page) => page.element));
    for (const page of pages) nearby.observe(page.element);
    sayPlace();
    tell("opened"); // drawn is what comes into view; before that a browser may not even let it be drawn
}

document.getElementById("smaller").addEventListener("click", () => zoomTo(zoom / STEP));
document.getElementById("larger").addEventListener("click", () => zoomTo(zoom * STEP));
document.getElementById("width").addEventListener("click", () => zoomTo(1));
document.addEventListener("scroll", sayPlace, { passive: true });

let width = 0;
new ResizeObserver(() => {
    if (!pages.length || view.clientWidth === width) return;
    width = view.clientWidth;
    zoomTo(zoom);
}).observe(view);

addEventListener("message", (event) => {
    if (event.source !== parent || !(event.data?.pdf instanceof ArrayBuffer)) return;
    document.body.classList.toggle("dark", event.data.dark);
    width = view.clientWidth;
    show(event.data.pdf).catch(failed);
});
tell("ready");
