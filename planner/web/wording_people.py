"""Words for codes about clients: phases, health flags, help, consents, screening."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ACCESSIBILITY: dict[str, LazyString] = {
    "flat": _l("Flat"),
    "paved": _l("Paved paths"),
    "no_stairs": _l("No stairs"),
    "no_stiles": _l("No stiles or narrow gates"),
    "benches": _l("Benches on the way"),
    "toilet": _l("A toilet nearby"),
    "wheelchair": _l("Fit for a wheelchair"),
}

PEOPLE: dict[str, dict[str, LazyString]] = {
    "client_status": {"active": _l("Active"), "paused": _l("Paused"), "ended": _l("Ended")},
    "phase": {
        "crisis": _l("Rest first"),
        "problem_solving": _l("Finding solutions"),
        "application": _l("Taking up life again"),
    },
    "theme": {
        "work_pressure": _l("Work pressure"),
        "perfectionism": _l("Perfectionism"),
        "no_boundaries": _l("Setting boundaries"),
        "other": _l("Something else"),
    },
    "home_step_result": {
        "done": _l("Done"),
        "partly": _l("Partly"),
        "not_done": _l("Not done"),
        "changed": _l("Became something else"),
    },
    "worked": {"yes": _l("Yes"), "a_bit": _l("A bit"), "no": _l("No")},
    "screening_level": {
        "none": _l("Nothing to arrange"),
        "caution": _l("Take into account"),
        "therapy_advised": _l("Therapy is often the best place for this"),
        "refer_gp": _l("The GP first"),
        "red_now": _l("Act now"),
    },
    "hold": {
        "red_without_step": _l("Write down first which step you took. Then you can plan again."),
        "gp_not_informed": _l("Note first that the GP knows, or write a reason. Then you can plan again."),
    },
    "caution": {
        "panic": _l("panic"),
        "dizziness": _l("dizziness"),
        "heart": _l("heart"),
        "lungs": _l("lungs"),
        "pregnancy": _l("pregnancy"),
        "injury": _l("injury"),
        "balance": _l("balance"),
        "pem": _l("much worse after effort"),
        "trauma": _l("something heavy that returns"),
        "dissociation": _l("feeling far away"),
        "low_mood": _l("low mood"),
        "eating": _l("eating is a difficult subject"),
        "diabetes": _l("diabetes"),
        "allergy": _l("allergy"),
        "hearing": _l("hearing"),
        "sleep": _l("sleeping badly"),
    },
    "weather_wish": {
        "no_rain": _l("Rather not in rain"),
        "no_wind": _l("Rather not in strong wind"),
        "no_cold": _l("Rather not in cold"),
        "no_heat": _l("Rather not in heat"),
    },
    "accessibility": ACCESSIBILITY,
    "route_need": {**ACCESSIBILITY, "even": _l("Even ground")},
    "help_kind": {
        "gp": _l("GP"),
        "company_doctor": _l("Company doctor"),
        "psychologist": _l("Psychologist"),
        "therapist": _l("Therapist"),
        "physiotherapist": _l("Physiotherapist"),
        "coach": _l("Coach"),
        "other": _l("Someone else"),
    },
    "change": {"yes": _l("Yes"), "a_bit": _l("A bit"), "no": _l("No"), "unknown": _l("Don't know")},
    "earlier_help": {
        "discuss_other_approach": _l("No change noticed. Talk about another approach beside it."),
        "mixed": _l("One of the two changed."),
        "helping": _l("Both changed. Keep what works."),
        "too_early": _l("Shorter than three months: too early to tell."),
        "unknown": _l("Not known."),
    },
    "acquaintances": {
        "say_hello": _l("We say hello and walk on"),
        "walk_on": _l("We walk on without a greeting"),
        "coach_greets": _l("Only the coach greets"),
        "no_agreement": _l("Nothing agreed"),
    },
    "consent": {
        "health": _l("Keeping notes about health"),
        "quotes": _l("Using a quote without a name"),
        "reminders_sms_whatsapp": _l("Reminders by text message or WhatsApp"),
        "link_in_messages": _l("The link in messages"),
        "contact_therapist": _l("Contact with another helper"),
        "sponsor_report": _l("A report to the employer"),
    },
    "intake": {
        "help_question": _l("The coaching question, in the client's own words"),
        "themes": _l("Themes"),
        "reason_recognition": _l("Recognising the four reasons"),
        "prior_help": _l("Earlier help"),
        "who_else_helps": _l("Who else helps"),
        "goal": _l("The goal as a step, and the own target"),
        "agreed": _l("Number of walks agreed, and the planned end"),
        "health_flags": _l("What to take into account"),
        "surroundings": _l("Surroundings that feel good or not"),
        "walking": _l("Pace, minutes and weather"),
        "acquaintances": _l("Meeting someone you know"),
        "emergency_contact": _l("Emergency contact"),
    },
}
