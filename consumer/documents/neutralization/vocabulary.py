"""Words that tell names from other words; German and English."""

from __future__ import annotations

from consumer.documents.neutralization.given_names import GIVEN_NAMES

_PARTICLES_TEXT = (
    "al and bin bsc da de del della dem den der di dipl dos dr du el frau habil herr herrn i ibn "
    "ii iii ing jr jur la lady le llm mag mba med miss mr mrs ms msc nat of phd phil prof "
    "professor rer sir sr ter the und van vom von y zu zum zur"
)
PARTICLES = frozenset(_PARTICLES_TEXT.split())
"""What stands within a name and is none."""

_ALSO_WORDS_TEXT = (
    "alt alte bach baker banks bauer baum becker berg best beste bester bischof bishop bitter "
    "black braun braune brown busch bush butler carter chance cook cooper eigen engel ernst faith "
    "feld field fields fischer fisher frei freie freitag frisch fromm fuchs gardener grace graf "
    "grau gray green grey gross groß große gruen grün grüne gut gute hahn hart harte hase herbst "
    "herzog hill hope horn horst hunter joy jung junge kaiser king klein kleine knight koch "
    "koenig kraft kuehn kurz kurze könig kühn lang lange little long mark marsh mason may miller "
    "montag müller neu neue noble page parker pope porter potter power price recht reich reiche "
    "rich richter ritter rivers rose roth rough sauer schmidt schneider schoen schwarz schwarze "
    "schön schöne sharp shepherd short small smith sommer sonntag stark starke stein still stone "
    "strong summers sweet swift süß taylor teufel turner unger vogel wald walker weaver weber "
    "weiss weiß weiße white wild will winter winters wise wolf woods young zimmermann"
)
ALSO_WORDS = frozenset(_ALSO_WORDS_TEXT.split())
"""Names that are words as well; with a small first letter they are words."""

_NEVER_NAMES_TEXT = (
    "acrobat adobe apache docx excel libreoffice openpyxl poi powerpoint pptx python reportlab "
    "word writer xlsxwriter "
    "abteilung address admin adresse ag all alle alles am amt an angebot anhang anlage anlagen "
    "answer apple april auf august aus bank behörde bei bericht betreff buchhaltung bundesamt "
    "bundeskanzler bundeskanzlerin bürger bürgerinnen chancellor client co colleague colleagues "
    "company contact content contract corp customer customers damen date datum dear december "
    "department deutsche deutscher deutsches dezember dienstag director direktor document "
    "documents doktor donnerstag du einkauf eltern email empfang employee everybody everyone fax "
    "februar february finanzamt firma folks format freitag freunde freundinnen friday friends für "
    "gbr geehrte geehrter gemeinde german geschäftsführung geschäftsleitung gmbh google group "
    "gruppe guests gäste hat herren herrschaften hiring hochschule holding hr ich ihnen ihr ihre "
    "im in inc info institut interessierte invoice ist it januar january juli july june juni "
    "kanzler kg kind kollegen kolleginnen kontakt kunde kunden kundin language leitung leser "
    "leserinnen llc ltd ma'am madam mai mail manager march marketing mbh members microsoft "
    "minister ministerium mit mitarbeiter mitarbeiterin mitglieder mittwoch mobil monday montag "
    "märz nach nachbarinnen nachbarn nachname name neighbours newsletter no noreply november "
    "october oder office ohg oktober order ort page parents partner partnerinnen personal phone "
    "plc post president project projekt präsident readers rechnung reply report request role "
    "sales samstag saturday schule schüler sehr seite sekretariat september service services sie "
    "sir sirs sonntag sparkasse stadt straße studierende subject sunday support support-team "
    "system tabelle table team teammitglieder telefax telefon text thursday title tuesday ug "
    "unbekannt und university universität unknown unter user verband verein versicherung vertrag "
    "vertrieb verwaltung vorname wednesday welt wir world zentrale board zusammen über"
)
NEVER_NAMES = frozenset(_NEVER_NAMES_TEXT.split())
"""What is never part of a person's name here: it would be replaced all over the text."""

_NO_SURNAMES_TEXT = (
    "airport allee anzahl avenue award bahnhof bay beach bridge brunnen cathedral church college "
    "count county cross damm denkmal depth drehzahl druck effekt falls flughafen formel "
    "geschwindigkeit gesellschaft gesetz größe gymnasium halle haus height hospital höhe institut "
    "institute island kaserne king's kirche klinik krankenhaus lake leistung length level load "
    "länge menge methode museum number palace park platz power preis ring road saal schacht size "
    "speed square stadion station stiftung stiftungsrat strasse straße street temperatur "
    "temperature test theater theorem tower ufer university universität value values verfahren "
    "weg wert werte width"
)
NO_SURNAMES = frozenset(_NO_SURNAMES_TEXT.split())
"""What follows a given name where no person is meant."""


def is_given(word: str) -> bool:
    """Whether a word is a common given name; of a double name its first half counts."""
    return word.partition("-")[0].lower() in GIVEN_NAMES
