"""Rules about cited articles: their addresses, their dates, and the copies in web archives."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from kg.linting.release import Fault
from kg.model import Place
from kg.sources.markdown import parse_link
from kg.sources.values import or_nothing, parse_date, parse_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Release
    from kg.sources.markdown import Page

_WAYBACK = re.compile(r"https?://(?:[a-z-]+\.)?archive\.org/(?:web/)?(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.IGNORECASE)
_ARCHIVE_HOST = re.compile(r"(?:^|\.)(?:archive\.(?:org|is|ph|today|md|li|fo|vn)|ghostarchive\.org|perma\.cc)$")
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)(?:[/-](\d\d))?(?=[/_-]|$)")
_TRACKING = re.compile(r"[?&](utm_[a-z]+|fbclid|gclid|igshid|mc_cid|mc_eid)=", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DAYS_OF_GRACE = 1
_LONGEST = 4000
_DAYS_OF_A_MONTH = 31


class Citation(NamedTuple):
    """A cited article as it stands: address, date and archive, each as text with its place; the id it belongs to."""

    address: str
    date: str
    archive: str
    places: tuple[Place, Place, Place]
    about: tuple[str, ...]

    @property
    def published(self) -> dt.date | None:
        """The day of the date; None where there is none or it cannot be read."""
        return _day(self.date)

    @property
    def archived(self) -> tuple[dt.date, str] | None:
        """The day and the address that the archive's address holds, where it is one of the Wayback Machine."""
        match = _WAYBACK.match(self.archive)
        return (found, match[2]) if match is not None and (found := _stamp(match[1])) is not None else None


def citations(release: Release) -> Iterator[Citation]:
    """Every reference of the pages and every row of the sheet of addresses."""
    for page in release.pages.get("Incident", ()):
        for row in page.rows("reference"):
            if len(row.cells) > 4:  # noqa: PLR2004 - address, date, authors, organisation, archive
                place = Place(page.name, row.line)
                yield Citation(
                    _address(row.cells[0]),
                    or_nothing(row.cells[1]),
                    _address(row.cells[4]),
                    (place, place, place),
                    (page.identifier,),
                )
    for entry in release.entries("urls"):
        places = (entry.place("url_id"), entry.place("pub_date"), entry.place("archive_link"))
        yield Citation(
            _short(entry.text("url_id")),
            or_nothing(entry.text("pub_date")),
            _short(entry.text("archive_link")),
            places,
            (),
        )


def archive_of_another(release: Release) -> Iterator[Fault]:
    """An archived copy of another address than the one cited."""
    for cited in citations(release):
        if not cited.archive or not cited.address:
            continue
        if host_of(cited.archive) and not is_archive(cited.archive):
            message = f"the archive is {host_of(cited.archive)}, which is no web archive"
            yield Fault(cited.places[2], message, "give the archived copy of the cited address", cited.about)
        elif cited.archived is not None and not same_article(_unwrapped(cited.address), cited.archived[1]):
            host, cited_host = host_of(cited.archived[1]), host_of(_unwrapped(cited.address))
            what = f"({host} and {cited_host})" if host != cited_host else "of the same site"
            message = f"the archived copy is of another address than the one cited {what}"
            yield Fault(cited.places[2], message, "archive the address that is cited", cited.about)


def archived_too_early(release: Release) -> Iterator[Fault]:
    """An archived copy that is older than the article is said to be."""
    for cited in citations(release):
        if cited.archived is None or cited.published is None:
            continue
        if (cited.published - cited.archived[0]).days >= _DAYS_OF_GRACE:
            message = f"archived on {cited.archived[0]}, but said to be published on {cited.published}"
            yield Fault(cited.places[1], message, "correct the date", cited.about)


def date_not_in_address(release: Release) -> Iterator[Fault]:
    """A date that lies more than a month from the one in the article's own address."""
    for cited in citations(release):
        match = _DAY_IN_ADDRESS.search(_unwrapped(cited.address))
        if match is None or cited.published is None:
            continue
        try:
            told = dt.date(int(match[1]), int(match[2]), int(match[3] or 1))
        except ValueError:
            continue
        # A month alone leaves its last day open.
        latest = told if match[3] else told + dt.timedelta(days=_DAYS_OF_A_MONTH)
        if not told - dt.timedelta(_DAYS_OF_A_MONTH) <= cited.published <= latest + dt.timedelta(_DAYS_OF_A_MONTH):
            message = f"dated {cited.published}, but the address says {match[0].strip('/')}"
            yield Fault(cited.places[1], message, "correct the date", cited.about)


def archive_cited(release: Release) -> Iterator[Fault]:
    """The address cited is itself a copy in a web archive."""
    for cited in citations(release):
        if cited.address and is_archive(cited.address):
            fix = "cite the article, and give the copy as its archive"
            yield Fault(cited.places[0], f"the address cited is a copy in {host_of(cited.address)}", fix, cited.about)


def not_archived(release: Release) -> Iterator[Fault]:
    """A reference without an archived copy."""
    for cited in citations(release):
        if cited.address and not cited.archive:
            yield Fault(
                cited.places[2], "the reference has no archived copy", "archive it and add the link", cited.about
            )


def odd_address(release: Release) -> Iterator[Fault]:
    """An address that carries something which is not part of it: blanks, a stray mark at its end, tracking."""
    for cited in citations(release):
        what = _oddity(cited.address)
        if what:
            yield Fault(cited.places[0], f"the address {what}", "write the plain address", cited.about)


def date_form(release: Release) -> Iterator[Fault]:
    """A date that can be read but is not written year-month-day: 2019/03/03, 2022-02-25 00:00:00."""
    for cited in citations(release):
        if cited.date and cited.published is not None and not _ISO.fullmatch(cited.date):
            message = f"the date is written {cited.date[:40]!r}"
            yield Fault(cited.places[1], message, f"write {cited.published}", cited.about)
    for page, label, day, text in _dates_of_incidents(release):
        if not _ISO.fullmatch(text):
            place = Place(page.name, page.line(label))
            yield Fault(place, f"{label} is written {text[:40]!r}", f"write {day}", (page.identifier,))


def future_date(release: Release) -> Iterator[Fault]:
    """A date, or the year of an incident, that has not come yet."""
    for cited in citations(release):
        if cited.published is not None and cited.published > release.today:
            message = f"published on {cited.published}, which has not come yet"
            yield Fault(cited.places[1], message, "correct the date", cited.about)
    for page, label, day, _ in _dates_of_incidents(release):
        if day > release.today:
            place = Place(page.name, page.line(label))
            yield Fault(place, f"{label} {day} has not come yet", "correct the date", (page.identifier,))
    for place, identifier, year in _years(release):
        if year > release.today.year:
            yield Fault(place, f"the year {year} has not come yet", "correct the year", (identifier,))


def published_before(release: Release) -> Iterator[Fault]:
    """An article older than the incident it tells of, or an incident added before any article on it."""
    years = {page.identifier: _year(page.value("year started")) for page in release.pages.get("Incident", ())}
    for page in release.pages.get("Incident", ()):
        days = [(found, row.line) for row in page.rows("reference") if (found := _day_of(row.cells)) is not None]
        year, added = years[page.identifier], _day(page.value("date added"))
        for day, line in days:
            if year is not None and day.year < year:
                message = f"published on {day}, before the year {year} of the incident"
                yield Fault(Place(page.name, line), message, "correct one of the two", (page.identifier,))
        if days and added is not None and added < min(days)[0]:
            message = f"added on {added}, before any article on it ({min(days)[0]})"
            place = Place(page.name, page.line("date added"))
            yield Fault(place, message, "correct one of the two", (page.identifier,))


def same_article(left: str, right: str) -> bool:
    """Whether two addresses are one article but for scheme, host prefix, country of the host, query mark and fragment.

    >>> same_article("https://www.bbc.co.uk/news/1", "http://bbc.com/news/1/")
    True
    >>> same_article("https://a.example/x", "https://a.example/y")
    False
    """
    one, other = _split(left), _split(right)
    return one[1:] == other[1:] and (one[0] == other[0] or bool(_site(one[0]) & _site(other[0])))


def is_archive(address: str) -> bool:
    """Whether an address lies in a web archive."""
    return bool(_ARCHIVE_HOST.search(host_of(address)))


def host_of(address: str) -> str:
    """The host of an address without ``www.``; empty where it has none."""
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _split(address: str) -> tuple[str, str, str]:
    text = unquote(address.strip()).partition("#")[0]
    rest = re.sub(r"^(?:https?:/{1,2})?", "", text, flags=re.IGNORECASE)
    host, _, path = rest.partition("/")
    path, _, query = path.partition("?")
    # Query strings of articles are tracking more often than not; ids in them (?id=) tell articles apart.
    kept = "&".join(sorted(part for part in query.split("&") if part and not _TRACKING.match(f"?{part}")))
    return re.sub(r"^(?:www\d?|m|eu|amp|edition)\.", "", host.lower()).partition(":")[0], path.rstrip("/"), kept


def _site(host: str) -> set[str]:
    """The labels of a host that name a site: no country, no ``com``."""
    shortest = 3
    return {label for label in host.split(".") if len(label) >= shortest and label not in {"com", "org", "net", "gov"}}


def _unwrapped(address: str) -> str:
    match = _WAYBACK.match(address)
    return match[2] if match else address


def _oddity(address: str) -> str:
    match = _TRACKING.search(address)
    if match is not None:
        return f"carries the tracking parameter {match[1][:20]!r}"
    if re.search(r"(?:%20|\s)+$", address):
        return "ends in a blank"
    if re.search(r"[,;'\"<>]$", address):
        return f"ends in {address[-1]!r}"
    if address.endswith("?"):
        return "ends in '?'"
    if len(re.findall(r"https?://", address)) > 1 and not is_archive(address):
        return "holds a second address"
    return "holds a blank" if re.search(r"\s", address) else ""


def _address(cell: str) -> str:
    link = parse_link(cell)
    return _short(link[1] if link else cell)


def _short(text: str) -> str:
    # No address is longer; what is would be searched for marks at its end for ever.
    return or_nothing(text)[:_LONGEST]


def _dates_of_incidents(release: Release) -> Iterator[tuple[Page, str, dt.date, str]]:
    for page in release.pages.get("Incident", ()):
        text = or_nothing(page.value("date added"))
        day = _day(text)
        if day is not None:
            yield page, "date added", day, text


def _years(release: Release) -> Iterator[tuple[Place, str, int]]:
    for page in release.pages.get("Incident", ()):
        year = _year(page.value("year started"))
        if year is not None:
            yield Place(page.name, page.line("year started")), page.identifier, year
    for entry in release.entries("incidents"):
        year = _year(entry.text("year_started"))
        if year is not None:
            yield entry.place("year_started"), entry.identifier, year


def _day_of(cells: list[str]) -> dt.date | None:
    return _day(or_nothing(cells[1])) if len(cells) > 1 else None


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _year(text: str) -> int | None:
    try:
        return parse_year(or_nothing(text))
    except ValueError:
        return None


def _stamp(digits: str) -> dt.date | None:
    whole = digits.ljust(8, "0")
    try:
        return dt.date(int(whole[:4]), max(1, int(whole[4:6])), max(1, int(whole[6:8])))
    except ValueError:
        return None
