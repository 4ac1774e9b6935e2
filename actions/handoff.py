"""What happens when someone asks for a person? Honestly: who answers now, and when the service opens."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.reach import Move
from actions.signpost import answering_now
from actions.slots import see
from bot.directory.when_read import when_read


class TalkToPerson(Move):
    """Says how to reach a person now, and offers a call back by going on."""

    def name(self) -> str:
        return "action_talk_to_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        directory = self.reach.directory
        picture = see(tracker, directory, self.now(tracker))
        for service in picture.recipients:
            entry = directory.service(service)
            name = wording.capital(wording.service_name(domain, directory, service))
            read = when_read(directory, service, picture.now)
            when = wording.moment(read.at, picture.now) if read.at else None
            if read.when == "now" and entry.phone and when:
                dispatcher.utter_message(
                    response="utter_talk_to_person_open", service=name, closes=when, phone=entry.phone
                )
            elif read.when == "later":
                dispatcher.utter_message(response="utter_talk_to_person_closed", service=name, opens=when)
            if service in directory.withheld:
                plain = wording.service_name(domain, directory, service)
                dispatcher.utter_message(response="utter_talk_to_person_withheld", service=plain)
        dispatcher.utter_message(
            response="utter_talk_to_person_now", contacts=answering_now(picture, directory, domain)
        )
        if not picture.progress.sent:
            dispatcher.utter_message(response="utter_talk_to_person_callback")
        return []
