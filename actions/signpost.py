"""Who answers now, and when does a service open?"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.reach import Move
from actions.slots import Picture, see
from bot.directory import Directory
from bot.directory.when_read import when_read


def answering_now(picture: Picture, directory: Directory, domain: wording.Domain) -> str:
    """The lines to talk to that answer at this moment, in words. Ways to 999 are no answer to "who can I talk to"."""
    found = [one for one in picture.route.now if directory.service(one.service_id).kind != "emergency"]
    return wording.contacts(domain, directory, found, picture.now, written=picture.cannot_call)


def signposts(picture: Picture, directory: Directory, domain: wording.Domain, most: int = 4) -> str:
    """Other help that the person may choose, and what each is for. Nothing is passed on."""
    found = []
    for one in picture.route.signposts:
        service = directory.service(one.service_id)
        way = service.phone or service.web
        if way and service.id not in (wording.HELPLINE, wording.EMERGENCY):
            name = service.name.replace(f" ({service.phone})", "")
            found.append(f"{name}, {way} ({wording.words(domain, f'utter_signpost_{one.reason}')})")
    return "; ".join(found[:most])


def say_opening(
    picture: Picture,
    service: str,
    say: CollectingDispatcher,
    domain: wording.Domain,
    directory: Directory,
    prefix: str,
) -> None:
    """Whether a service is open, and when that changes: `prefix`_open, _open_always, _closed and _hours_unknown."""
    read = when_read(directory, service, picture.now)
    plain = wording.service_name(domain, directory, service)
    name = wording.capital(plain)
    when = wording.moment(read.at, picture.now) if read.at else None
    if read.when == "now" and when:
        say.utter_message(response=f"{prefix}_open", service=name, closes=when)
    elif read.when == "now":
        say.utter_message(response=f"{prefix}_open_always", service=name)
    elif read.when == "later":
        say.utter_message(response=f"{prefix}_closed", service=name, opens=when)
    else:
        known = {"working_day": wording.day(read.working_day), "contacts": answering_now(picture, directory, domain)}
        say.utter_message(response=f"{prefix}_hours_unknown", service=plain, **known)


class WhoCanHelpNow(Move):
    """Says who answers now."""

    def name(self) -> str:
        return "action_who_can_help_now"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        found = answering_now(picture, self.reach.directory, domain)
        dispatcher.utter_message(
            response="utter_who_can_help_now", contacts=found, **wording.numbers(self.reach.directory)
        )
        return []


class OpeningTimes(Move):
    """Says when the services of this case open; before one is known, the line that always answers."""

    def name(self) -> str:
        return "action_opening_times"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        if not picture.recipients:
            found = answering_now(picture, self.reach.directory, domain)
            numbers = wording.numbers(self.reach.directory)
            dispatcher.utter_message(response="utter_who_can_help_now", contacts=found, **numbers)
        for service in picture.recipients:
            say_opening(picture, service, dispatcher, domain, self.reach.directory, "utter_opening_times")
        return []
