"""Reading an element tree by a table of paths.

A table maps an element's name to what is to be done with it: `text` and `value` keep what is
written, `each` the texts of all of them, `inside` goes deeper, `one` does so under a name, `many`
makes an object of each occurrence. What a table does not name is passed over with all that is in
it. Of what may stand once, the first in document order counts, wherever along the path it repeats.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from lxml import etree

from invoices.ubl.errors import Reason, UblError
from invoices.ubl.values import XML_WHITE_SPACE, NotAValueError

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"

_TEXT, _VALUE, _ATTRIBUTED, _EACH, _INSIDE, _ONE, _MANY = range(7)

# As facts and rows these take some hundred megabytes; no invoice in earnest comes near.
MOST_FACTS = 100_000

Found = dict[str, Any]
T = TypeVar("T")


class Entry(NamedTuple):
    """What to do with an element: a tuple, because unpacking one is the fastest way to ask."""

    kind: int
    name: str
    use: Any = None  # the reader of a value, the table of an aggregate
    more: Any = None  # the fact and its lists of a many, the attributes of a text


Table = Mapping[str, Entry]


def text(name: str, **attributes: str) -> Entry:
    """The text, or None; with `other_name="attribute"` that attribute too."""
    if attributes:
        return Entry(_ATTRIBUTED, name, None, tuple(attributes.items()))
    return Entry(_TEXT, name)


def value(name: str, read: Callable[[str, Any], Any], **attributes: str) -> Entry:
    """What `read` makes of the text and the attributes, or None where there is no text."""
    return Entry(_ATTRIBUTED if attributes else _VALUE, name, read, tuple(attributes.items()))


def each(name: str) -> Entry:
    """The texts that are not empty, as a list in document order."""
    return Entry(_EACH, name)


def inside(table: Table) -> Entry:
    return Entry(_INSIDE, "", table)


def one(name: str, table: Table) -> Entry:
    """What is found inside, as a dict of its own under `name`."""
    return Entry(_ONE, name, table)


def many(name: str, table: Table, fact: type) -> Entry:
    """A list of facts, one of what is found in each occurrence, in document order."""
    return Entry(_MANY, name, table, (fact, lists_of(table)))


def lists_of(table: Table) -> tuple[str, ...]:
    """The names under which `collect` gives lists for this table."""
    names: list[str] = []
    for entry in table.values():
        if entry.kind in (_EACH, _MANY):
            names.append(entry.name)
        elif entry.kind == _INSIDE:
            names += lists_of(entry.use)
    return tuple(names)


def make_fact(fact: type[T], lists: tuple[str, ...], found: Found) -> T:
    """The frozen dataclass `fact` with what was found; its defaults stand for the rest.

    Its own constructor would set each field by itself, which takes a fifth of all reading.
    """
    for name in lists:
        if name in found:
            found[name] = tuple(found[name])
    made = fact.__new__(fact)
    made.__dict__.update(found)
    return made


def collect(root: etree._Element, table: Table) -> Found:  # noqa: C901, PLR0912 - flat on purpose: a call per element would cost more than the work
    """What `table` says is in `root`. Raises UblError for a value that is none.

    The elements are walked in one flat loop: most of the time goes into reaching them. A stack
    holds the aggregates that are open; an element whose parent is not the innermost of them closes
    as many as it takes. If none is its parent, it stands where a value should be.
    """
    get: Any = table.get
    container, found = root, dict[str, Any]()
    outermost = found
    stack: list[tuple[etree._Element, Any, Found, str, Any]] = []
    facts = 0
    elements = root.iter()
    next(elements)
    for element in elements:
        parent: Any = element.getparent()
        while parent is not container:
            if not stack:
                raise _refusal(Reason.MARKUP_IN_VALUE, parent)
            if stack[-1][4]:
                facts += 1
                if facts > MOST_FACTS:
                    raise UblError(Reason.TOO_MANY_PARTS, str(MOST_FACTS))
            container, get, found = _close(stack, found)
        entry = get(element.tag)
        if entry is None:
            if len(element):
                stack.append((container, get, found, "", None))
                container, get = element, _NOTHING
            continue
        kind, name, use, more = entry
        if kind < _EACH:
            if name not in found:
                written = element.text
                if written:
                    written = written.strip(XML_WHITE_SPACE) or None
                found[name] = written
                if kind:
                    _read(element, entry, written, found)
        elif kind == _EACH:
            if written := _stripped(element.text):
                found.setdefault(name, []).append(written)
        else:
            stack.append((container, get, found, name, more))
            container, get = element, use.get
            if kind == _MANY:
                found = {}
            elif kind == _ONE:
                found = found.setdefault(name, {})
    while stack:
        container, get, found = _close(stack, found)
    return outermost


def _close(stack: list[tuple[etree._Element, Any, Found, str, Any]], found: Found) -> Any:
    container, get, outer, name, make = stack.pop()
    if make:
        fact, lists = make
        outer.setdefault(name, []).append(make_fact(fact, lists, found))
    return container, get, outer


def _read(element: etree._Element, entry: Entry, written: str | None, found: Found) -> None:
    if written and entry.use:
        try:
            found[entry.name] = entry.use(written, element)
        except NotAValueError as error:
            raise _refusal(error.reason, element, written) from None
    for name, attribute in entry.more:
        found[name] = _stripped(element.get(attribute))


def _stripped(written: str | None) -> str | None:
    return written.strip(XML_WHITE_SPACE) or None if written else None


def _refusal(reason: Reason, element: etree._Element, written: str = "") -> UblError:
    return UblError(reason, written, path_of(element), element.sourceline)


def path_of(element: etree._Element) -> str:
    """The path below the root, without prefixes; numbered where siblings have the same name."""
    steps: list[str] = []
    node, parent = element, element.getparent()
    while parent is not None:
        same = parent.findall(etree.QName(node))
        step = etree.QName(node).localname
        steps.append(f"{step}[{same.index(node) + 1}]" if len(same) > 1 else step)
        node, parent = parent, parent.getparent()
    return "/".join(reversed(steps))


_NOTHING: Callable[[str], None] = dict[str, None]().get
