"""The simulator's own lexicon: what seven domains of knowledge are talked about with.

`stems` give a domain away in a prompt; the other words are of the same forms as the general ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from syntx.simulator.words import listed


@dataclass(frozen=True, slots=True)
class Domain:
    """The words of one domain."""

    stems: tuple[str, ...]
    things: tuple[str, ...]
    groups: tuple[str, ...]
    traits: tuple[str, ...]


def _domain(stems: str, things: str, groups: str, traits: str) -> Domain:
    return Domain(listed(stems), listed(things), listed(groups), listed(traits))


DOMAINS = {
    "history": _domain(
        stems="geschicht histor mittelalter antik römisch kaiser epoche krieg eroberung "
        "dynast chronik archäolog pharao ägypt wikinger renaissance kolonial "
        "griechenland industrielle überliefer zeitzeug hanse ritter entdeckung "
        "jahrhundert",
        things="Überlieferung Epoche Herrschaft Chronik Dynastie Eroberung Erinnerung "
        "Urkunde Belagerung Krönung Handelsroute Festung Grabung Thronfolge Seefahrt "
        "Legion Siedlung Gefolgschaft Niederlage Blütezeit Zeitenwende Landnahme "
        "Inschrift Gründungssage Werkstatt Steuerlast Gesandtschaft Hungersnot "
        "Stadtmauer Vorherrschaft",
        groups="Chronisten Fürsten Legenden Handschriften Provinzen Münzen Ruinen Soldaten "
        "Bauern Kolonien Flotten Historikerinnen Gesandten Schriftrollen Grabstätten "
        "Vasallen Zeitzeugen Manufakturen",
        traits="mittelalterlich antik überliefert kaiserlich höfisch kriegerisch verschüttet "
        "dynastisch feudal jahrhundertealt vergangen",
    ),
    "science": _domain(
        stems="wissenschaft physik quantenphysik biolog chemi astronom stern galax klima "
        "evolution forsch experiment zelle gen molekül theorie hypothese messung "
        "labor planet atom",
        things="Hypothese Messung Beobachtung Versuchsreihe Zelle Strahlung Wechselwirkung "
        "Galaxie Mutation Auslese Schwerkraft Wellenlänge Stichprobe Fehlergrenze "
        "Atmosphäre Erwärmung Modellrechnung Laborprobe Energiebilanz Umlaufbahn "
        "Anpassung Reaktion Kennzahl Datenreihe Verschränkung Schwingung "
        "Fachzeitschrift Replikation Eiszeit Abweichung",
        groups="Proben Forscherinnen Hypothesen Arten Planeten Spektren Messreihen Sonden "
        "Temperaturen Zellen Kurven Studien Strukturen Laborantinnen Eigenschaften "
        "Gattungen Bakterien",
        traits="messbar empirisch molekular kosmisch genetisch statistisch atomar klimatisch "
        "reproduzierbar theoretisch experimentell",
    ),
    "society": _domain(
        stems="gesellschaft gleichberechtig migration gerechtigkeit demokrat generation "
        "sozial polit wahl bürger armut bildung integration familie arbeitswelt "
        "teilhabe zusammenhalt",
        things="Teilhabe Solidarität Mehrheit Minderheit Ausgrenzung Zugehörigkeit Debatte "
        "Wahl Bürgerschaft Herkunft Lohnlücke Nachbarschaft Öffentlichkeit "
        "Mitbestimmung Verteilung Aufstiegschance Rente Zuwanderung Verfassung "
        "Anerkennung Spaltung Pflegearbeit Beteiligung Gewerkschaft Bewegung "
        "Integration Wohnungsnot Erwerbsarbeit Jugend Protestwelle",
        groups="Bürgerinnen Familien Institutionen Parteien Generationen Rollen Stimmen "
        "Kommunen Schulen Initiativen Vereinbarungen Behörden Interessen Minderheiten "
        "Nachbarn Gemeinschaften Abgeordneten Wählerinnen",
        traits="gesellschaftlich politisch sozial öffentlich demokratisch solidarisch "
        "benachteiligt gemeinschaftlich strukturell kommunal",
    ),
    "technology": _domain(
        stems="technolog technik computer quantencomputer software algorithm künstliche "
        "intelligenz digital internet robot maschine sensor netzwerk daten energie "
        "automat programm erneuerbar vernetz chip",
        things="Schnittstelle Rechenleistung Automatisierung Steuerung Software Hardware "
        "Cloud Vernetzung Fehlerkorrektur Batterie Datenbank Architektur Sensorik "
        "Codezeile Skalierung Plattform Turbine Verschlüsselung Fertigung Wartung "
        "Bandbreite Mustererkennung Speicherung Rechenzeit Anlage Prototypenphase "
        "Lieferkette Benutzeroberfläche Sicherheitslücke Recheneinheit",
        groups="Algorithmen Sensoren Prozessoren Schaltungen Maschinen Datenmengen "
        "Entwicklerinnen Schnittstellen Komponenten Solarzellen Routinen Plattformen "
        "Leitungen Updates Qubits Kameras Programmzeilen Rechenzentren",
        traits="digital automatisiert vernetzt rechnerisch technisch skalierbar elektronisch "
        "lernfähig energiesparend programmierbar modular",
    ),
    "everyday": _domain(
        stems="alltag kochen rezept garten reisen urlaub fitness gesundheit haustier hund "
        "katze küche essen sport wohnung haushalt einkauf schlaf frühling freizeit "
        "ernährung",
        things="Gewohnheit Küche Zutat Jahreszeit Erholung Reise Ernährung Bewegung Pflege "
        "Mahlzeit Routine Einkaufsliste Gartenerde Unterkunft Muskulatur Leine "
        "Fütterung Gelassenheit Morgenstunde Vorratskammer Aussaat Zugfahrt Atempause "
        "Ausdauer Würze Wegstrecke Freizeit Gießkanne Haltung Feierabendstimmung",
        groups="Zutaten Pflanzen Übungen Reisenden Nachbarinnen Pausen Strecken Mahlzeiten "
        "Pfannen Katzen Gewohnheiten Stunden Blumen Wanderungen Tomaten Kartoffeln "
        "Leckereien Matten",
        traits="alltäglich gemütlich saisonal praktisch hausgemacht entspannt gesund sparsam "
        "regional ausgewogen",
    ),
    "culture": _domain(
        stems="kultur musik kunst literatur roman gedicht theater film malerei brettspiel "
        "spiel komponist konzert museum oper tanz erzähl autor ästhet melodie",
        things="Melodie Komposition Leinwand Erzählung Bühne Ausstellung Stilrichtung "
        "Partitur Figurenzeichnung Aufführung Handschrift Klangfarbe Lesart "
        "Spielregel Spannungskurve Metapher Galerie Improvisation Strophe Sammlung "
        "Dramaturgie Bildsprache Inszenierung Sinfonie Gattung Avantgarde Spielfigur "
        "Romanheldin Tonart Kritikerstimme",
        groups="Künstlerinnen Melodien Farben Formen Leserinnen Bühnen Szenen Figuren "
        "Komponisten Skulpturen Spielkarten Werkstätten Strophen Rhythmen Autorinnen "
        "Balladen Fassaden Mitspielenden",
        traits="künstlerisch klanglich poetisch erzählerisch bildhaft klassisch "
        "experimentierfreudig dramatisch spielerisch literarisch",
    ),
    "ethics": _domain(
        stems="ethik tierethik moral verantwort würde gewissen datenschutz privatsphäre "
        "medizinethik einwillig recht pflicht wert schuld freiheit gerecht autonomie "
        "tierwohl",
        things="Verantwortung Würde Einwilligung Abwägung Pflicht Moral Privatsphäre "
        "Autonomie Fürsorge Schuldfrage Freiheit Grenzziehung Aufklärung "
        "Rechtfertigung Vertraulichkeit Zumutung Gewissensfrage Schutzbedürftigkeit "
        "Überwachung Sorgfalt Fairness Selbstbestimmung Leidensfähigkeit Tragweite "
        "Zustimmung Redlichkeit Schadensvermeidung Zwangslage Unversehrtheit Haftung",
        groups="Betroffenen Patientinnen Ärztinnen Prinzipien Normen Pflichten Folgen "
        "Personendaten Gewissensfragen Entscheidungen Kommissionen Interessenlagen "
        "Richtlinien Lebewesen Grenzen Schranken Gutachten Angehörigen",
        traits="moralisch ethisch verantwortbar schutzwürdig vertraulich gerecht freiwillig "
        "zumutbar würdevoll rechtlich",
    ),
}
