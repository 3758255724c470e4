"""The words of any subject, and how lists of words are written here.

`THINGS` are feminine singular nouns and `GROUPS` plural nouns ending in -n, so that one article
fits every sentence; `TRAITS` are stems of adjectives.
"""

from __future__ import annotations


def listed(words: str) -> tuple[str, ...]:
    """Return the words of a text written with spaces."""
    return tuple(words.split())


THINGS = listed(
    "Spannung Erwartung Unsicherheit Haltung Entwicklung Bewegung Richtung Ordnung Stille Kraft "
    "Neugier Vorsicht Unruhe Sehnsucht Klarheit Ruhe Nähe Distanz Wirkung Ursache Grundlage "
    "Bedeutung Veränderung Belastung Hoffnung Erschöpfung Gegenkraft Reibung Verschiebung Balance "
    "Struktur Offenheit Tiefe Dichte Lücke Grenze Logik Zuversicht Enttäuschung Verbindung "
    "Trennung Aufmerksamkeit Erfahrung Perspektive Wahrnehmung Zurückhaltung Stabilität Skepsis "
    "Dynamik Abhängigkeit Eigenart Gewissheit Ambivalenz Last Chance Frage Antwort Idee Vernunft "
    "Geduld Strömung Überforderung Anspannung Rückkehr Entlastung Vertrautheit Zerrissenheit "
    "Konzentration Substanz Beziehung Lösung Einsicht Triebkraft Schwelle Verdichtung "
    "Sinnsuche Notlage Bremse Fassade Kehrseite Leerstelle Stimmung Wucht Brüchigkeit "
    "Aufbruchsstimmung Zwischenbilanz Kernaussage Eigendynamik Schieflage Rückmeldung"
)

GROUPS = listed(
    "Menschen Beteiligten Erwartungen Fragen Gewohnheiten Sorgen Hoffnungen Ideen Erfahrungen "
    "Entscheidungen Beobachtungen Möglichkeiten Beziehungen Ursachen Stimmen Reaktionen "
    "Spannungen Deutungen Absichten Bedingungen Vorstellungen Anforderungen Lösungen Situationen "
    "Routinen Perspektiven Außenstehenden Verantwortlichen Suchenden Lernenden Neugierigen "
    "Skeptischen Gedanken Debatten Chancen Grenzen Folgen Wirkungen Haltungen Ansichten "
    "Expertinnen Kolleginnen Freundinnen Gegnerinnen Ratlosen Aufgaben Rollen Regeln Pausen "
    "Erinnerungen"
)

TRAITS = listed(
    "sacht klar still fremd brüchig beharrlich widersprüchlich überraschend verborgen offen "
    "zögerlich mutig nüchtern vielschichtig langsam unruhig tragfähig zerbrechlich vorsichtig "
    "entschieden ungewohnt wachsend schleichend belastbar verletzlich eigensinnig folgenreich "
    "unscheinbar kraftvoll unbequem geduldig schwankend gefestigt angespannt lebendig tastend "
    "drängend zwiespältig nachhaltig begrenzt hartnäckig wirksam unvollständig ernsthaft "
    "gemeinsam innerlich äußerlich spannungsreich vertraut selbstbewusst gelassen kritisch "
    "grundlegend beiläufig zuversichtlich verlässlich ausgeprägt umstritten"
)

VERBS = listed(
    "prägt prägen verschiebt verschieben bestimmt bestimmen begrenzt begrenzen verstärkt "
    "verstärken bremst bremsen trägt tragen verändert verändern überlagert überlagern ordnet "
    "ordnen lenkt lenken stört stören schützt schützen öffnet öffnen verdeckt verdecken verbindet "
    "verbinden spiegelt spiegeln fordert fordern entlastet entlasten belastet belasten "
    "verlangsamt verlangsamen beschleunigt beschleunigen begleitet begleiten formt formen stützt "
    "stützen bindet binden berührt berühren umgibt umgeben ergänzt ergänzen hemmt hemmen fördert "
    "fördern erschwert erschweren erleichtert erleichtern durchzieht durchziehen ersetzt ersetzen "
    "erweitert erweitern verengt verengen nährt nähren treibt treiben beruhigt beruhigen "
    "verunsichert verunsichern mildert mildern überfordert überfordern lockert lockern übertönt "
    "übertönen steuert steuern sichert sichern gefährdet gefährden bündelt bündeln vertieft "
    "vertiefen verwässert verwässern erhellt erhellen überprüft überprüfen relativiert "
    "relativieren festigt festigen unterbricht unterbrechen trennt trennen verzerrt verzerren "
    "schärft schärfen verteidigt verteidigen"
)
"""Pairs: what one does, what many do."""

ADVERBS = listed(
    "spürbar deutlich allmählich sichtbar dauerhaft merklich unbemerkt langfristig vielerorts "
    "mitunter zuweilen unmittelbar nebenbei gleichzeitig schrittweise regelmäßig zunehmend "
    "heimlich offensichtlich zuverlässig behutsam rasch anfangs inzwischen anderswo tatsächlich "
    "offenbar ohnehin meistens gelegentlich vorläufig nachweislich instinktiv bewusst täglich "
    "insgeheim ungewollt notgedrungen bereitwillig mühsam beständig fortwährend zwangsläufig "
    "erstmals vermutlich womöglich sogar eindringlich vergeblich überall"
)
