"""Who can help, where, and when? Services and areas as data; areas, hours and routing as pure functions over them."""

from bot.directory.area import AreaMatch
from bot.directory.catalogue import Directory, DirectoryError, load_directory
from bot.directory.checking import Problem, check, refuse_errors
from bot.directory.contacts import Contact, safety_contacts, who_answers_now
from bot.directory.hours import Opening
from bot.directory.record import Service
from bot.directory.routing import Recommendation, Route, route
from bot.directory.signposting import Signpost

__all__ = [
    "AreaMatch",
    "Contact",
    "Directory",
    "DirectoryError",
    "Opening",
    "Problem",
    "Recommendation",
    "Route",
    "Service",
    "Signpost",
    "check",
    "load_directory",
    "refuse_errors",
    "route",
    "safety_contacts",
    "who_answers_now",
]
