"""How names are written, and what stands before them."""

from __future__ import annotations

import re

from consumer.documents.neutralization.choices import one_of

_UP = "A-ZÄÖÜÀ-ÖØ-ÞŠŽČĆŁŚŻĐ"
_LETTERS = r"(?:[^\W\d_]|['’](?=[^\W\d_])){0,30}"
WORD = rf"[{_UP}]{_LETTERS}(?:-[{_UP}][^\W\d_]{{0,30}}){{0,2}}"
_INITIAL = rf"[{_UP}]\."
LINK = (
    rf"(?:{one_of('von van vom zu zur zum de del della di da dos ten ter la le el al bin')}[ \t]"
    rf"(?:{one_of('und zu der den dem la los')}[ \t]){{0,2}})"
)
TITLE = (
    rf"(?:{one_of('Prof Dr Mag Dipl Ing med jur phil nat rer hc h[.]_?c habil PD Dipl[.]-Ing')}\."
    r"[ \t]?(?:-?[ ]?Ing\.[ ]?)?|(?:Professor|Doktor|Direktor|Rechtsanwalt)(?:in)?[ \t])"
)
NAME = rf"(?:{_INITIAL}[ \t]?){{0,3}}{LINK}?{WORD}(?:[ \t]{LINK}?(?:{_INITIAL}|{WORD})){{0,3}}"
_HONORIFIC = one_of(
    "Herrn? Frau Fräulein Hr[.] Fr[.] Mr[.]? Mrs[.]? Ms[.]? Mx[.]? Miss Mister Madame Monsieur"
    " Familie Eheleute HERRN? FRAU Rechtsanwalt Rechtsanwältin RA(?:in)?"
)
SALUTATION = re.compile(
    rf"(?<![\w])(?:{_HONORIFIC}[ \t]{{1,2}}\n?{TITLE}{{0,4}}|{TITLE}{{1,4}}[ \t]?)({NAME})"
)
_HELLO = one_of(
    "Liebe[rs]? Hallo Hi Hey Hello Dear Moin Servus Guten_(?:Tag|Morgen|Abend)"
    " Good_(?:morning|afternoon|evening)"
)
GREETING = re.compile(
    rf"^[ \t>]{{0,8}}{_HELLO},?[ ]({NAME})[ ]?(?=[,!:\n-]|$|[ ]und[ ]|[ ]and[ ])", re.MULTILINE
)
_FAREWELL = one_of(
    r"Mit_(?:den_)?(?:freundlich|best|herzlich|viel|kollegial)\w+_Gr(?:ü|ue)(?:ß|ss)en"
    r" (?:Mit_)?(?:viele|beste|liebe|herzliche|freundliche|schöne|sonnige)_Gr(?:ü|ue)(?:ß|ss)e"
    r" Hochachtungsvoll MfG LG VG BG gez[.] Gru(?:ß|ss) cheers best_wishes all_the_best"
    r" thanks thank_you many_thanks danke vielen_Dank"
    r" (?:(?:with_)?(?:best|kind|warm|many)_)?(?:kind_)?regards"
    r" (?:yours_)?(?:sincerely|faithfully|truly)(?:_yours)?"
)
CLOSING = re.compile(
    rf"(?:^|(?<=[.!?][ ]))[ \t>]{{0,8}}{_FAREWELL}(?:[ ](?:aus|von|nach|from)[ ][^\n,]{{2,30}})?"
    r"[,!.]?[ \t]*\n(?:[ \t>]*\n){0,3}"
    r"(?:[ \t>]*(?:i\.?[ ]?[AV]\.?|ppa\.?|p\.p\.|gez\.)[ \t]*\n?)?"
    rf"[ \t>]*(?-i:(?:{TITLE}){{0,3}}({NAME}))[ \t]*(?=\n|$|,|\|)",
    re.MULTILINE | re.IGNORECASE,
)
SIGNED = re.compile(
    r"(?:(?<!\w)(?:[Gg]ez\.|i\.[ ]?[AV]\.|ppa\.|/s/)[ \t]{1,2}|\bSigned(?:[ ]by)?:?[ ])"
    rf"{TITLE}{{0,3}}({NAME})"
)
BESIDE = re.compile(
    rf"(?<!\w)(?:(?:[Gg]eb\.|[Gg]eborene[rn]?|née)[ ]{{1,2}}|c/o:?[ ]{{1,2}}){TITLE}{{0,3}}({NAME})"
)
"""A name at birth, or of whom something is sent to."""
MAILBOX = re.compile(
    rf"({WORD}(?:,?[ ]{LINK}?(?:{_INITIAL}|{WORD})){{1,3}})[\"']?[ \t]{{1,2}}(?:<|\[)"
    r"(?:mailto:)?[^\s<>@]{1,64}@"
)
_LABEL = one_of(
    "From To Cc Bcc Reply-To Sender Von An Kopie Gesendet_von Verfasser(?:in)? Authors? Autoren"
    " Autor(?:in)? (?:Sach)?[Bb]earbeiter(?:in)? Ansprechpartner(?:in)? z[.]?_?H(?:d)?[.](?:_v[.])?"
    " Attn[.]? Attention Patient(?:in)? Versicherte[r]? Antragsteller(?:in)? Mitarbeiter(?:in)?"
    " Kontakt(?:person)? Contact(?:_person)? Vorname Nachname Familienname Geburtsname Surname"
    " (?:First|Last|Full|Given|Family)_name Name(?:_und_Vorname|,_Vorname)? Kunde Kundin Customer"
    " Client Employee (?:Ver)?[Mm]ieter(?:in)? (?:Ver)?[Kk]äufer(?:in)? Teilnehmer(?:in)?"
    " Geschäftsführer(?:in)? Vorstand Unterzeichner Kontoinhaber(?:in)? Account_holder Halter"
    " Empfänger(?:in)? Absender(?:in)? Inhaber(?:in)? Manager (?:Erstellt|Geprüft|Freigegeben)_von"
    " (?:Created|Prepared|Reviewed|Approved|Written)_by Anwesende? Abwesend Teilnehmende"
    " Mandant(?:in)? Protokoll Arbeitnehmer(?:in)? Arbeitgeber(?:in)? Kläger(?:in)? Beklagte[r]?"
    " Attendees Present"
)
LABELLED = re.compile(
    rf"(?:^|(?<=[,;|\"{{]))[ \t>*\"'-]{{0,8}}{_LABEL}[*\"']{{0,3}}[ \t]?[:=]"
    r"[ \t*\"']{0,4}([^\n<>:{}]{2,200})",
    re.MULTILINE | re.IGNORECASE,
)
EXACT_LABEL = re.compile(
    one_of("vorname nachname familienname geburtsname surname (?:first|last|given|family)_name"),
    re.IGNORECASE,
)
LISTED = re.compile(rf"{TITLE}{{0,3}}({WORD},[ ]{NAME}|{NAME})")
CAPITAL = re.compile(rf"(?<![\w’'@./-]){WORD}(?![\w@])")
AFTER_GIVEN = re.compile(
    rf"(?:[ \t]|[ \t]?\n[ \t]?)((?:{LINK}?(?:{_INITIAL}|{WORD})[ \t]){{0,2}}?{LINK}?)"
    rf"((?!{_INITIAL}){WORD})(?![\w@])"
)
LAST_FIRST = re.compile(
    rf"(?<![\w’'@./-])({WORD}),[ ]({WORD})(?=[ ]?[;,\n)|]|[ ]?$|[ ]und[ ])", re.MULTILINE
)
NEXT_WORD = re.compile(r"[ \t]([^\W\d_]+)")
"""The word right after a name: `Street`, `Institut`."""
