"""What our own words may never say: the claims C-01 to C-16 of domain.md 4, promises, why-prompts; and the
words that may not leave the house in a message or stand in the title of a client's page (domain.md 6.4).

`violations(text)` is the whole lint. The samples beside each rule must be caught: a rule that catches
nothing is no rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po

PLANNER = Path(__file__).parent.parent / "planner"


@dataclass(frozen=True)
class Rule:
    """`samples`: sentences this rule must catch, at least one in Dutch and one in English."""

    id: str
    pattern: str
    nl: tuple[str, ...]
    en: tuple[str, ...]

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return re.finditer(self.pattern, text, re.IGNORECASE)


@dataclass(frozen=True)
class Violation:
    rule: str
    found: str
    around: str


@dataclass(frozen=True)
class Allowed:
    """An occurrence that is right where it stands, and what makes it so."""

    source: str
    rule: str
    words: str
    reason: str


_HORMONE = r"(stress\s?hormo\w+|stress hormones?)"
CLAIMS = (
    Rule(
        "C-01",
        rf"cortisol|{_HORMONE}[^.?!]{{0,60}}(%|procent|percent|daal|dalen|drop|fall)",
        ("Een bosbad verlaagt je cortisol met 50 procent.", "Je stresshormoon daalt al na twintig minuten."),
        ("Forest bathing lowers cortisol by 50%.", "Your stress hormones drop within twenty minutes."),
    ),
    Rule(
        "C-02",
        r"(hartslag|bloeddruk)[^.?!]{0,50}(daal|dalen|lager|omlaag|naar beneden)"
        r"|verlaagt[^.?!]{0,40}(hartslag|bloeddruk)"
        r"|(heart rate|blood pressure)[^.?!]{0,50}(drop|fall|lower|down|decreas)"
        r"|(lowers?|reduces?)[^.?!]{0,40}(heart rate|blood pressure)",
        ("Je hartslag en bloeddruk gaan flink omlaag.", "Het bos verlaagt je bloeddruk."),
        ("Your heart rate and blood pressure drop.", "Walking lowers your blood pressure."),
    ),
    Rule(
        "C-03",
        r"immuunsysteem|immuniteit|immune system|immunity",
        ("Je immuunsysteem wordt sterker.",),
        ("Your immune system gets stronger.",),
    ),
    Rule(
        "C-04",
        r"binnen (6|zes) maanden[^.?!]{0,40}(weer|herstel|genezen|beter|functioner)"
        r"|(herstel\w*|functioner\w*|beter) binnen (6|zes) maanden"
        r"|within (6|six) months[^.?!]{0,40}(again|recover|back|better|function|heal)"
        r"|(recover\w*|function\w*|better) (again )?within (6|six) months",
        ("Binnen zes maanden functioneer je weer.", "Mensen zijn hersteld binnen 6 maanden."),
        ("Within six months you are back on your feet.", "You recover within 6 months."),
    ),
    Rule(
        "C-05",
        r"(reset|herstart)\w*[^.?!]{0,30}(zenuwstelsel|nervous system)"
        r"|(zenuwstelsel|nervous system)[^.?!]{0,30}(reset|herstart|herstel|rust-?en)"
        r"|rust-en-herstel|rest[- ]and[- ](recover|digest)|parasympat",
        ("Beweging reset je zenuwstelsel.", "Zo komt je lijf in de rust-en-herstelstand."),
        ("Movement resets your nervous system.", "It switches on rest and recover."),
    ),
    Rule(
        "C-06",
        rf"cortisol|(breekt|breken|afgebroken|afbreken)[^.?!]{{0,40}}{_HORMONE}"
        rf"|{_HORMONE}[^.?!]{{0,40}}(afgebroken|afbre|breekt|af\b|verlaag|broken|burn|clear)"
        rf"|(breaks?|broken|burns?) (down|off|away)[^.?!]{{0,40}}{_HORMONE}"
        rf"|(break|burn)s?[^.?!]{{0,20}}{_HORMONE}",
        ("Bewegen breekt cortisol af.", "Lopen breekt stresshormonen af.", "Stresshormoon wordt afgebroken."),
        ("Walking breaks down cortisol.", "Moving burns off stress hormones."),
    ),
    Rule(
        "C-07",
        r"endorfine|endorphin|gelukshormo|geluksstofje|feel-?good (substance|hormone|chemical)",
        ("Van lopen komen endorfines vrij.",),
        ("Walking releases endorphins.",),
    ),
    Rule(
        "C-08",
        r"burn-?out (is|zit)[^.?!]{0,40}(lichamelijk|fysiek|energetisch|in je lijf|in je lichaam)"
        r"|burn-?out is[^.?!]{0,40}(bodily|physical|energetic|in (the|your) body)",
        ("Burn-out is vooral lichamelijk en energetisch.", "Een burn-out zit in je lijf."),
        ("Burn-out is mainly physical.",),
    ),
    Rule(
        "C-09",
        r"(beweg\w+|natuur|buiten zijn|wandelen)[^.?!]{0,50}(essentieel|onmisbaar|noodzakelijk|onontbeerlijk)"
        r"|(movement|nature|moving|walking|outdoors)[^.?!]{0,50}(essential|indispensable|necessary)",
        ("Bewegen en natuur zijn essentieel voor herstel.",),
        ("Movement and nature are essential for recovery.",),
    ),
    Rule(
        "C-10",
        r"therapie (helpt|werkt)( je| jou)?( hier(bij)?)? niet|praten (helpt|werkt) niet"
        r"|praten maakt[^.?!]{0,20}erger|stop(pen)? met (je )?therapie"
        r"|therapy (does not|doesn.t|won.t|will not) (help|work)|talking (does not|doesn.t) (help|work)"
        r"|talking makes[^.?!]{0,20}worse|(stop|quit) (your )?therapy",
        ("Therapie helpt niet bij burn-out.", "Praten maakt het erger.", "Stop met je therapie."),
        ("Therapy doesn't work for burn-out.", "Talking makes it worse.", "Quit therapy."),
    ),
    Rule(
        "C-11",
        r"(na)?denken[^.?!]{0,30}(meer stress|erger)|denkende? brein"
        r"|thinking[^.?!]{0,30}(more stress|worse)|thinking brain",
        ("Meer denken = meer stress.", "Je denkende brein werkt niet goed."),
        ("More thinking is more stress.", "Your thinking brain is not working."),
    ),
    Rule(
        "C-12",
        r"(beter|effectiever|sneller|meer)\b[^.?!]{0,40}\bdan (praten|\w*therapie)"
        r"|(better|more effective|faster)[^.?!]{0,40}than (talking|talk |\w*\s?therapy)",
        ("Een aanpak met beweging werkt vaak beter dan therapie.",),
        ("A practical approach often works better than therapy.",),
    ),
    Rule(
        "C-13",
        r"(brein|hersenen|brain)[^.?!]{0,30}(ontspan|relax|tot rust)"
        r"|(ontspant?|relax\w*)[^.?!]{0,20}(brein|hersenen|brain)"
        r"|(creativiteit|creativity)[^.?!]{0,20}(stroom|stromen|flow)",
        ("Van lopen ontspant je brein.", "Je creativiteit gaat stromen."),
        ("Walking makes your brain relax.", "Creativity flows."),
    ),
    Rule(
        "C-14",
        r"(omgeving|surroundings)[^.?!]{0,50}(meer dan je denkt|more than you think)"
        r"|(therapie|spreek)kamer[^.?!]{0,50}(stress|erger|slechter)|therapy room[^.?!]{0,50}(stress|worse)",
        ("Je omgeving bepaalt je stemming meer dan je denkt.", "Een therapiekamer maakt stress erger."),
        ("Your surroundings shape you more than you think.", "A therapy room can worsen stress."),
    ),
    Rule(
        "C-15",
        r"(hybride|mix|combinatie)[^.?!]{0,40}(werkt|is) (het )?best"
        r"|(hybrid|mix|combination)[^.?!]{0,40}(works|is) (the )?best",
        ("Hybride werkt het beste.",),
        ("Hybrid works best.",),
    ),
    Rule(
        "C-16",
        r"\bw(e|ij) lossen (het|dit|dat|je)[^.?!]{0,30}op\b|\bwe(.ll| will)? (solve|fix) (it|this|that|your)",
        ("We lossen het samen op.",),
        ("We will solve it together.", "We fix this."),
    ),
)
PROMISES = (
    Rule(
        "proof",
        r"wetenschappelijk bewezen|scientifically proven|clinically proven|bewezen effectief",
        ("Dit is wetenschappelijk bewezen.",),
        ("This is scientifically proven.",),
    ),
    Rule(
        "promise",
        r"\bgarantie|gegarandeerd|\bguarantee|succes verzekerd",
        ("Resultaat gegarandeerd.",),
        ("We guarantee a result.",),
    ),
    Rule(
        "treatment",
        r"genees|genezing|behandel(ing|plan)|\bcures?\b|\bcured\b|\btreatment",
        ("Deze behandeling geneest je.",),
        ("This treatment cures you.",),
    ),
)
WHY = Rule(
    "why-prompt",
    r"\b(waarom|why)\b[^.!?]{0,160}\?",
    ("Waarom denk je dat je dit voelt?", "Waarom vind je dat moeilijk?"),
    ("Why do you think you feel this?", "And why?"),
)
RULES = (*CLAIMS, *PROMISES, WHY)

MAY_SAY = (
    "Twintig minuten in het groen kan helpen om rustiger te worden.",
    "Twenty minutes in green can help you feel calmer.",
    "Veel mensen voelen zich buiten rustiger.",
    "Many people feel calmer outdoors.",
    "Na zes maanden kijken we samen hoe het gaat. Herstel verschilt per persoon.",
    "After six months we look together. Recovery differs per person.",
    "Rustig bewegen kan helpen om te ontspannen.",
    "Gentle movement can help you relax.",
    "Burn-out voel je vaak ook in je lijf.",
    "You often feel burn-out in your body too.",
    "Bewegen en buiten zijn kan prettig zijn en past bij deze aanpak.",
    "Therapie en coaching kunnen elkaar aanvullen.",
    "Therapy and coaching can complement each other.",
    "Korte stappen kosten minder energie.",
    "In een kleine studie hadden mensen met wandelcoaching minder klachten dan mensen zonder coaching.",
    "Lopen helpt sommige mensen om vrijer te denken.",
    "Een andere plek kan anders voelen.",
    "Een mix van buiten en online kan.",
    "We oefenen samen, stap voor stap.",
    "Therapie is hiervoor vaak de beste plek. Coaching kan ernaast.",
    "Vraag niet naar het waarom.",
)
"""Sentences domain.md 4 offers instead, and others that must pass."""

ALLOWED = (
    Allowed(
        "toolkit/exercises.yaml",
        "C-01",
        "het stresshormoon daalde meer dan normaal",
        "evidence note for the coach only, with the size of the study and its doubt beside it",
    ),
    Allowed(
        "toolkit/exercises.yaml",
        "C-01",
        "the stress hormone dropped more than normal",
        "the same in English",
    ),
    *(
        Allowed("toolkit/exercises.yaml", rule, "forest bathing and cortisol, review", "title of a study")
        for rule in ("C-01", "C-06")
    ),
)

FORBIDDEN_OUTSIDE = (
    r"burn-?\s?out", r"overspannen", r"depressi", r"\bdepress", r"\bangst", r"anxiety", r"trauma", r"therap",
    r"\bpsych", r"klacht", r"complaint", r"diagnos", r"\bmedic", r"energiecijfer", r"energy (score|number)",
    r"spanning", r"tension", r"screening", r"verslag", r"ziek", r"illness", r"\bsick",
)  # fmt: skip
"""Never in a message, a calendar, a subject line, or the title and meta tags of a client's page."""


def violations(text: str) -> list[Violation]:
    """Everything in a text that our own words may not say."""
    flat = " ".join(text.split())
    found = []
    for rule in RULES:
        for match in rule.finditer(flat):
            around = flat[max(0, match.start() - 60) : match.end() + 60]
            found.append(Violation(rule.id, match[0], around))
    return found


def forbidden_outside(text: str) -> list[str]:
    """Words in a text that may not leave the house."""
    return [match[0] for pattern in FORBIDDEN_OUTSIDE if (match := re.search(pattern, text, re.IGNORECASE))]


def is_allowed(source: str, violation: Violation) -> bool:
    return any(
        source.endswith(one.source) and one.rule == violation.rule and one.words in violation.around
        for one in ALLOWED
    )


def sources(planner: Path = PLANNER) -> Iterator[tuple[str, str]]:
    """Every text of the product: file name and one piece of it."""
    for path in sorted(planner.glob("translations/**/*.po")):
        for text in _of_catalogue(path):
            yield _name(path, planner), text
    for path in sorted(planner.glob("toolkit/*.yaml")):
        for text in _of_data(yaml.safe_load(path.read_text("utf-8"))):
            yield _name(path, planner), text
    for path in sorted(planner.glob("templates/**/*")):
        if path.is_file():
            yield _name(path, planner), of_template(path.read_text("utf-8"))


def _name(path: Path, planner: Path) -> str:
    return path.relative_to(planner).as_posix()


def _of_catalogue(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for message in read_po(file):
            for words in (message.id, message.string):
                yield from words if isinstance(words, (tuple, list)) else (words,)


def _of_data(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _of_data(value)
    elif isinstance(data, list):
        # lists of sentences are read as one text too: a claim may be spread over two lines
        yield " ".join(item for item in data if isinstance(item, str))
        for value in data:
            yield from _of_data(value)


def of_template(text: str) -> str:
    """The words of a template: without comments and tags."""
    text = re.sub(r"\{#.*?#\}|<!--.*?-->", " ", text, flags=re.DOTALL)
    return re.sub(r"</?[a-zA-Z][^>]*>", " ", text)


def metadata(text: str) -> str:
    """Title, h1 and meta tags of a template, and the blocks that fill them."""
    kept = re.findall(
        r"<title\b.*?</title>|<h1\b.*?</h1>|<meta\b[^>]*>|\{% block (?:title|heading)\b.*?endblock",
        re.sub(r"\{#.*?#\}", " ", text, flags=re.DOTALL),
        flags=re.DOTALL,
    )
    return "\n".join(kept)
