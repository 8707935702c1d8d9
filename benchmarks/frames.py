"""The invented sources and what each puts around its articles.

Nothing here is copied from the rule packs: these are lines as sites write them, some of which no rule knows.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from benchmarks.words import LANGUAGES, Pieces, pieces

KINDS: Final = (
    "structure",
    "body",
    "title",
    "title-repeat",
    "site-suffix",
    "date",
    "read-also",
    "navigation",
    "share",
    "follow",
    "newsletter",
    "tags",
    "comment",
    "advertisement",
    "own",
)
"""What a line is. From the fourth on they are chrome; `own` is a line that only its source has, which no rule knows."""

FIRST_CHROME: Final = KINDS.index("title-repeat")

HEAD, BETWEEN, TAIL = 0, 1, 2

HOURS: Final = (6, 9, 12, 15)
"""When the documents of a story appear, one after the other."""


@dataclass(frozen=True)
class Item:
    """One line of a frame.

    Attributes:
        kind: Place in KINDS.
        where: HEAD, BETWEEN paragraphs or TAIL.
        before: The words it begins with.
        headline: Words of a headline that follow; -1 for words of the article, as tags.
        share: How many of 256 documents have it.
        after: What separates it from the next line.
    """

    kind: int
    where: int
    before: str
    headline: int = 0
    share: int = 256
    after: str = "\n\n"


@dataclass(frozen=True)
class Source:
    """A site: its name and address, its language, how often it repeats titles, and its frame."""

    name: str
    site: str
    lang: str
    repeats: int
    suffix: bool
    dated: bool
    items: tuple[Item, ...]


_TOWNS: Final = {
    "fr": [
        "Valmont",
        "Tournelle",
        "Brissac-sur-Vire",
        "Montclar",
        "Sainte-Aure",
        "Pontgaillard",
        "Rochemer",
        "Lavernay",
    ],
    "en": ["Severnmouth", "Hartlow", "Kingsmere", "Dunford", "Ashwick", "Bellhaven", "Marlstone", "Thornbury"],
    "de": ["Altmoor", "Birkenfurt", "Seeheim", "Grauwald"],
    "es": ["Valdehermosa", "Torrealba", "Puertomar", "Fuenclara"],
}
_PAPERS: Final = {
    "fr": ("Le Courrier de {}", "{} Matin"),
    "en": ("The {} Echo", "{} Gazette"),
    "de": ("{}er Bote", "{}er Anzeiger"),
    "es": ("El Diario de {}", "La Voz de {}"),
}
_OWN: Final = {
    "fr": ("Un titre fondé en 1921 par les imprimeurs de {}", "{} et sa vallée, chaque matin dès six heures"),
    "en": ("Printed on the quay at {} since 1887", "{} and the valley, every morning from six"),
    "de": ("Seit 1904 aus dem alten Hafen von {}", "{} und das Umland, jeden Morgen ab sechs"),
    "es": ("Impreso junto al puerto de {} desde 1932", "{} y su valle, cada mañana desde las seis"),
}
_PHRASES: Final = {
    "fr": {
        "read-also": ("Lire aussi : ", "À lire aussi  ", "Voir aussi : ", "Sur le même sujet : "),
        "share": ("Partager :", "Partager sur Facebook", "Partager cet article", "Copier le lien"),
        "follow": ("Suivez-nous sur Google News", "Suivez-nous sur Facebook et Instagram"),
        "newsletter": ("Inscrivez-vous à notre newsletter", "Recevez chaque matin l'essentiel de l'actualité"),
        "comment": (
            "Laisser un commentaire Annuler la réponse",
            "Votre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués avec *",
            "Commentaire *",
            "Nom *",
            "Enregistrer mon nom, mon e-mail et mon site dans le navigateur pour mon prochain commentaire.",
        ),
        "advertisement": ("Publicité", "La suite après cette publicité"),
        "navigation": ("Article précédent : ", "Article suivant : ", "Accueil > Actualités > Région"),
    },
    "en": {
        "read-also": ("Read also: ", "READ MORE: ", "See also: ", "Related: "),
        "share": ("Share this:", "Share on Facebook", "Share this article", "Copy link"),
        "follow": ("Follow us on Google News", "Follow us on Facebook and Instagram"),
        "newsletter": ("Sign up for our newsletter", "Subscribe to our newsletter and get the best stories by email"),
        "comment": (
            "Leave a Reply Cancel reply",
            "Your email address will not be published. Required fields are marked *",
            "Comment *",
            "Name *",
            "Save my name, email, and website in this browser for the next time I comment.",
        ),
        "advertisement": ("Advertisement", "Story continues below advertisement"),
        "navigation": ("Previous article: ", "Next article: ", "Home > News > Valley"),
    },
    "de": {
        "read-also": ("Lesen Sie auch: ", "Mehr zum Thema: ", "Auch interessant: ", "Lesen Sie auch  "),
        "share": ("Teilen", "Artikel teilen", "Auf Facebook teilen", "Link kopieren"),
        "follow": ("Folgen Sie uns auf Google News", "Folgen Sie uns auf Facebook"),
        "newsletter": ("Jetzt Newsletter abonnieren", "Melden Sie sich für unseren Newsletter an"),
        "comment": (
            "Schreibe einen Kommentar Antwort abbrechen",
            "Deine E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert",
            "Kommentar *",
            "Name *",
            "Meinen Namen, meine E-Mail-Adresse und meine Website in diesem Browser speichern.",
        ),
        "advertisement": ("Anzeige", "Werbung"),
        "navigation": ("Vorheriger Artikel: ", "Nächster Artikel: ", "Startseite > Nachrichten > Region"),
    },
    "es": {
        "read-also": ("Lea también: ", "Te puede interesar: ", "Leer también  ", "Ver también: "),
        "share": ("Compartir", "Compartir en Facebook", "Comparte este artículo", "Copiar enlace"),
        "follow": ("Síguenos en Google News", "Síguenos en Facebook"),
        "newsletter": ("Suscríbete a nuestra newsletter", "Suscríbase a nuestro boletín de noticias"),
        "comment": (
            "Deja una respuesta Cancelar la respuesta",
            "Tu dirección de correo electrónico no será publicada. Los campos obligatorios están marcados con *",
            "Comentario *",
            "Nombre *",
            "Guarda mi nombre, correo electrónico y web en este navegador para la próxima vez que comente.",
        ),
        "advertisement": ("Publicidad", "Anuncio"),
        "navigation": ("Artículo anterior: ", "Artículo siguiente: ", "Inicio > Noticias > Región"),
    },
}
_LEFT: Final = 0.4
"""Share of its frame that a page leaves in the text that was extracted from it. So a kilobyte has some three removals:
extracted texts of real sites have one to five, pages dumped as a whole nine."""

_NETWORKS: Final = ("Facebook", "Twitter", "WhatsApp", "Telegram")


def _item(kind: str, where: int, before: str, *, headline: int = 0, share: int = 256, after: str = "\n\n") -> Item:
    return Item(KINDS.index(kind), where, before, headline, round(share * _LEFT), after)


def _frame(lang: str, town: str, number: int) -> tuple[Item, ...]:
    """The frame of a source: which lines, from its number."""
    said = _PHRASES[lang]
    after = "\n\n\n" if number % 5 == 0 else "\n"
    items = []
    if number % 3 == 1:
        items.append(_item("navigation", HEAD, said["navigation"][2], after=after))
    items += [
        _item("read-also", BETWEEN, said["read-also"][(number + i) % 4], headline=6 + i, share=120)
        for i in range(1 + number % 3)
    ]
    if number % 4 == 2:  # noqa: PLR2004 (every fourth source)
        items.append(_item("advertisement", BETWEEN, said["advertisement"][number % 2], share=180))
    items.append(_item("share", TAIL, said["share"][number % 4], after=after))
    if number % 2:
        items += [_item("share", TAIL, network, after="\n") for network in _NETWORKS[: 2 + number % 3]]
    items.append(_item("follow", TAIL, said["follow"][number % 2], share=200, after=after))
    if number % 3 == 0:
        items.append(_item("tags", TAIL, "", headline=-1, share=220))
    items.append(_item("newsletter", TAIL, said["newsletter"][number % 2], share=150))
    items.append(_item("own", TAIL, _OWN[lang][number % 2].format(town)))
    if number % 2 == 0:
        items += [
            _item("navigation", TAIL, "PREV " if number % 4 else said["navigation"][0], headline=7),
            _item("navigation", TAIL, "NEXT " if number % 4 else said["navigation"][1], headline=6),
        ]
    if number % 3 != 1:
        form = _PHRASES["en" if number % 6 == 0 else lang]["comment"]  # a French site with an English form under it
        items += [_item("comment", TAIL, line, after="\n") for line in form]
    return tuple(items)


@cache
def sources() -> tuple[Source, ...]:
    """The forty sources, those of one language side by side."""
    found: list[Source] = []
    for lang in LANGUAGES:
        papers = [(town, paper) for town in _TOWNS[lang] for paper in _PAPERS[lang]]
        wanted = {"fr": 16, "en": 12, "de": 6, "es": 6}[lang]
        for number, (town, paper) in enumerate(papers[:wanted]):
            name = paper.format(town)
            site = "-".join(name.lower().split()) + ".example"
            frame = _frame(lang, town, number)
            found.append(Source(name, site, lang, number % 3, number % 4 == 0, number % 7 == 3, frame))  # noqa: PLR2004
    return tuple(found)


HAZARDS: Final = {
    "fr": ("Lire aussi entre les lignes ", "Partager ", "Les commentaires ", "Suivez le fleuve "),
    "en": ("Read also between the lines ", "Share prices ", "Comments ", "Follow the river "),
    "de": ("Teilen ", "Lesen Sie auch zwischen den Zeilen ", "Kommentare ", "Folgen "),
    "es": ("Compartir ", "Lea también entre líneas ", "Comentarios ", "Siguen el río "),
}
"""How some sentences of articles begin: as chrome does. They must stay."""


@cache
def stamps() -> list[list[str]]:
    """The dates of documents as they are written: days by hours."""
    days = [(month, day) for month in range(1, 13) for day in range(1, 29)]
    return [[f'2024-{month:02}-{day:02}T{hour:02}:00","text":"' for hour in HOURS] for month, day in days]


@cache
def all_pieces() -> Pieces:
    """The pieces of every document there can be."""
    phrases = ["", "\n", "\n\n", "\n\n\n", *(text for texts in HAZARDS.values() for text in texts)]
    phrases += [f" | {source.name}" for source in sources()]
    phrases += [f"date 2024-{month:02} " for month in range(1, 13)]
    phrases += [item.before for source in sources() for item in source.items]
    structure = ['{"id":"d', '"}\n', *(f"{number:04}" for number in range(10_000))]
    structure += [f'","url":"https://{source.site}/' for source in sources()]
    structure += [f'","site":"{source.site}","lang":"{source.lang}","date":"' for source in sources()]
    structure += [stamp for day in stamps() for stamp in day]
    return pieces(list(dict.fromkeys(phrases)), list(dict.fromkeys(structure)))
