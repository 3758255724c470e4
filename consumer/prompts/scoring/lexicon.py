"""A small German-English lexicon: an answer in the other language is on topic by its meaning."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from syntx.wrappers import fold

# Beginnings of words: German on the left, English on the right of the sign. Neighbours are related
# in meaning: what stands near a word belongs to its subject.
_ENTRIES = """
liebe=love|beziehung=relation partner bond|gefühl=feel emotion|rückzug=withdraw retreat step|
angst=fear anxi afraid|wut=anger|trauer=grief sad|freude=joy happi|freund=friend|
vertrau=trust confiden|eifersucht=jealous|nähe=close intima|einsam=lonel alone|selbst=self own|
bedürf=need|plötzlich=sudden abrupt|seele,seelisch=soul mental|verhalten=behavio|
mensch=human people|familie=family|eltern=parent|kind=child kid|mutter=mother|vater=father|
frau=women woman female|mann,männ=man men male|gesellschaft=societ social|
gleichberecht=equal equit right gender|gleich=equal same|recht=right law legal|
gesetz=law legal statut|gerecht=justice fair|pflicht=dut oblig|diskriminier=discriminat|
lohn,löhne=wage pay salar|gehalt,gehälter=salar pay|arbeit=work labo job employ|
beruf=profession career job occupation|führung=lead manag|quote=quota|unterschied=differen gap|
schule=school|bildung=educat|lehr=teach|schüler=pupil student|lern=learn|
unterricht=lesson teach class|hausaufgab=homework|studi=stud universit|universität=universit|
wissen=knowledge know|wissenschaft=scien research|forsch=research scien explor|
versuch=experiment attempt|theorie=theor|beweis=proof evidence|gesund=health|
krank=ill disease sick|arzt,ärzt=doctor physician|pflege=care nurs|heil=heal cure|körper=body|
herz=heart|blut=blood|gehirn,hirn=brain|zelle=cell|knochen=bone|muskel=muscle|haut=skin|
lunge=lung|leber=liver|niere=kidney|nerv=nerv|sinn=sense|auge=eye|ohr=ear|
atem,atmung=breath respirat|verdau=digest|hormon=hormon|immun=immun|impf=vaccin|gen=gene|
vererb=heredit inherit|schlaf=sleep|traum,träum=dream|ernähr=nutri diet food|nahrung=food|
essen=food eat meal|koch=cook|rezept=recipe|küche=kitchen cuisine|zutat=ingredient|gewürz=spice|
salz=salt|zucker=sugar|fleisch=meat|gemüse=vegetable|obst=fruit|brot=bread|teig=dough|
sauerteig=sourdough|mehl=flour|hefe=yeast|backen=bak|ofen=oven|butter=butter|milch=milk|
käse=cheese|ei,eier=egg|suppe=soup|geschmack=taste flavo|trink=drink|wasser=water|wein=wine|
bier=beer|kaffee=coffee|sport=sport exercis|train=train workout|yoga=yoga|meditation=meditat|
übung=exercis practi|achtsam=mindful|fußball=football soccer|spiel=game play|brettspiel=board|
regel=rule|würfel=dice|karte=card map|figur=figure piece|gewinn=win profit gain|verlier=lose los|
verlust=loss|strateg=strateg|taktik=tactic|tier=animal|katze=cat feline|hund=dog|pferd=horse|
vogel,vögel=bird|fisch=fish|aquari=aquari tank|insekt=insect|biene=bee|bestäub=pollinat|
pflanze=plant|blume,blüte=flower|baum,bäume=tree|wald,wälder=forest|garten,gärten,gärtner=garden|
boden,böden=soil ground|saat=seed sow|ernte=harvest crop yield|gieß=water irrigat|schädling=pest|
dünger=fertili|winter=winter|sommer=summer|frühling=spring|herbst=autumn fall|jahreszeit=season|
wetter=weather|klima=climat|erwärm=warming heat|treibhaus=greenhouse|kohlen=carbon coal|
emission=emission|umwelt=environment|natur=nature|meer=sea ocean|küste=coast|
fluss,flüsse=river flow|berg=mountain|gletscher=glacier|eis=ice|luft=air|wind=wind|
sonne,solar=sun solar|energie=energy power|strom=electric power current stream|netz=grid net web|
kraft=force power|kraftwerk=plant power|speicher=storag memor|batterie=batter|leitung=line cable|
verbrauch=consum|öl=oil|gas=gas|wärme=heat warm|licht=light|farbe=colo|ton,töne=tone sound|
klang=sound|musik=music|instrument=instrument|geige=violin|klavier=piano|lied=song|melodie=melod|
harmonie=harmon|rhythmus=rhythm|kunst,künst=art|künstlich=artificial|intelligenz=intelligen|
maschine=machine|bild=image picture photo|foto=photo|kamera=camera|objektiv=lens|blende=aperture|
belichtung=exposure|film=film movie|literatur=literatur|buch,bücher=book|roman=novel|
gedicht=poem poet|sprache=language speech|wort,wörter=word|schreib=writ|lesen=read|
erzähl=tell narrat story|geschichte=histor stor|mittelalter=medieval middle ages|ritter=knight|
kirche=church|könig=king|kaiser=emperor|burg=castle|adel=nobil|bauer=farmer peasant|krieg=war|
frieden=peace|schlacht=battle|waffe=weapon arm|militär=military|soldat=soldier|
sprengstoff=explosive|bombe=bomb|armee=army|staat=state countr|regierung=govern|
politi=politic polic|partei=party parties|wahl=election vote choice|demokrat=democra|
freiheit=freedom libert|macht=power|kontrovers=controvers|meinung=opinion|debatte=debate|
extremis=extremis|radikal=radical|terror=terror|gewalt=violen|rassis=racis|ideologie=ideolog|
vorurteil=prejudice|verschwör=conspira|propaganda=propagand|manipul=manipulat|medien=media|
nachricht=news message|lüge=lie|gerücht=rumo|wahrheit=truth|migration=migrat|flücht=refugee|
integration=integrat|heimat=home|fremd=foreign strange|grenze=border limit bound|kultur=cultur|
religion=religi|glaube=belie faith|ethik,ethisch=ethic moral|philosoph=philosoph|
wirtschaft=econom business|markt,märkte=market|handel=trade commerc|geld=money|finanz=financ|
bank=bank|zins=interest rate|steuer=tax|preis=price cost|kosten=cost expens|schulden=debt|
inflation=inflation|börse=stock exchange|aktie=stock share|anlage=invest|
unternehm=compan business enterprise|firma,firmen=compan firm|kunde=customer client|
verkauf=sale sell|werbung=advertis|arm,armut=poor poverty|reich=rich wealth|wachstum=growth|
reise=travel journey|verkehr=traffic transport|fahrrad=bicycl bike cycl|auto=car vehicle|
zug,züge=train|eisenbahn=railway|flug=flight|flugzeug=plane aircraft|schiff=ship|
straße=street road|stadt,städt=city urban town|dorf,dörf=village|haus,häus=house home|
wohn=hous liv resid|nachbar=neighbo|dach,dächer=roof|bau=build construct|
konstrukt=construct design|technik,techn=technolog techni|werkzeug=tool|daten=data|
datenbank=database|rechner=computer|netzwerk=network|sicherheit=security safe|
verschlüssel=encrypt|angriff=attack|überwach=surveil monitor|datenschutz=privacy|privat=priva|
anonym=anonym|dunkel=dark|programm=program|algorithm=algorithm|wolke=cloud|kette=chain|
blockchain=blockchain|währung=currenc|quanten=quantum|physik=physic|teilchen=particle|atom=atom|
welle=wave|masse=mass|geschwindigkeit=speed velocit|raum,räum=space room|weltraum,weltall=space|
stern=star|planet=planet|mond=moon|erde=earth|galaxi=galax|himmel=sky heaven celest|
universum=universe|rakete=rocket|astronaut=astronaut|fernrohr,teleskop=telescop|
chemie,chemisch=chemi|stoff=substance matter material|molekül=molecul|säure=acid|
reaktion=reaction|droge=drug|illegal=illegal illicit|sucht,süchtig=addict|
wirkstoff=active compound|alkohol=alcohol|gift=poison toxi|mathemat=mathemat|zahl=number|
gleichung=equation|rechnen=calculat|geometr=geometr|wahrscheinlich=probab|
aufgabe=task problem assignment|aufschieb=procrastinat postpon delay|lösung=solution solv|
problem=problem|entscheid=decision decid|gewohn=habit|erinner=memor remember|gedächtnis=memor|
denken=think thought|gedanke=thought idea|idee=idea|kreativ=creativ|vorstell=imagin|
zukunft=future|vergangen=past|zeit=time|leben=life live|tod=death die|alter=age old|
jugend=youth young|jung=young|alt=old ancient|neu=new novel|groß=great large big|
klein=small little|stark=strong|schwach=weak|schnell=fast quick rapid|langsam=slow|gut=good well|
schlecht=bad poor|gefahr=danger risk|schutz,schütz=protect|schaden=damage harm|
hilfe,helf=help aid|streit=conflict quarrel argu|konflikt=conflict|gewissen=conscien|
schuld=guilt blame|scham=shame|würde=dignit|verlass=leave abandon|verein=club associat|
gemein=communit common|gruppe=group|volk,völker=people nation|welt=world global|
land,länder=countr land|europa=europ|amerika=america|deutsch=german|stille=silence quiet|
lärm=noise|geruch=smell|schmerz=pain|kleid=cloth dress|mode=fashion|möbel=furnitur|
holz=wood timber|handwerk=craft|stein=stone|eisen=iron|gold=gold|papier=paper|schatten=shadow|
feuer=fire|nacht=night|tag=day|arznei,medikament=medicin drug|krankenhaus=hospital|
versicher=insur|verbrech=crime crimin|straf=punish penal|polizei=police|gericht=court|
opfer=victim|täter=offender perpetrat|gefängnis=prison jail|erzieh=upbring educat|
kaufen=buy purchas|verbot=ban prohibit|erlaub=allow permi|elternzeit=parental leave|
dienst=service|wandel=change shift|entwickl=develop|zerstör=destr|ursache=cause|
folge=consequenc effect result|grund=reason|zusammenhang=connect context|vergleich=compar|
muster=pattern|struktur=structur|ordnung=order|bewegung=movement|stress=stress|
überlast,überforder=overload overwhelm|erwart=expect|grenzen=boundar limit|
roboter,robotik=robot|greif=grip grasp|fühler=sensor|schach=chess|eröffnung=opening|bauern=pawn|
läufer=bishop runner|springer=knight|zentrum=cent|skalier=scalab scaling|konsens=consens|
verteil=distribut|
dezentral=decentral|herausforder=challeng|anwend=applicat use|nutzer=user|chance=opportunit chance|
risik=risk|vorteil=advantage benefit|nachteil=disadvantage drawback|fähig=abilit skill able|
passwort,kennwort=password|geheim=secret hidden|erpress=blackmail ransom|betrug,betrüg=fraud scam|
spionage,spion=spy espionage|heilmittel=remed|arzneimittel=drug medicin|wirkung=effect impact|
sexual,sexuell=sex|aufklärung=education enlightenment|einwilli,einverständnis=consent|
schwanger=pregnan|geburt=birth|verhütung=contracept|pubertät=pubert adolescen|scheidung=divorce|
hochzeit,heirat=wedding marr|mobbing=bullying|verhandl=negotiat|rede=speech talk|witz=joke humo|
lachen=laugh|tanz=danc|malerei,maler=paint|zeichn=draw|bühne=stage|theater=theat|oper=opera|
lyrik=poet lyric|reim=rhyme|vers=verse|held=hero|sage,mythos=legend myth|gott,götter=god|
märchen=fairy tale|pferd=horse|vulkan=volcan|erdbeben=earthquake|dürre=drought|
überschwemm,hochwasser=flood|sturm,stürme=storm|regen=rain|schnee=snow|wolken=cloud|
dinosaurier=dinosaur|evolution=evolution|art=species kind|lebensraum=habitat|raubtier=predator|
beute=prey|fell=fur|pilz=mushroom fung|bakterie=bacteri|virus,viren=virus|krebs=cancer|
entzünd=inflam|behandl=treat|diagnos=diagnos|patient=patient|vorbeug,prävent=prevent|
therap=therap|depress=depress|sklave=slave|kolonie,kolonial=colon|revolution=revolution|
diktat=dictator|korrupt=corrupt|bestech=brib|waffe=weapon gun arms|drohne=drone|panzer=tank armo|
geschütz=artiller gun|munition=ammunition|verteidig=defen|
gegner=opponent enem|
feind=enem|hinterhalt=ambush|gelände=terrain|strahlung=radiat|halbleiter=semiconduct|
motor=engine motor|getriebe=gear transmission|brücke=bridge|beton=concrete|stahl=steel|
miete,mieter=rent tenan|immobilie=real estate propert|rente=pension retire|kredit=loan credit|
zoll=customs tariff|lieferkette=supply chain|vertrag,verträge=contract treat|haftung=liabil|
klage=lawsuit claim|eigentum=propert owner|erbe,erbschaft=inherit|umsatz=revenue turnover sales|
einkommen=income|selbstständig,selbständig=self freelanc|freiberuf=freelanc|
schwimm=swim|wander=hik|klettern=climb|lauf=run|turnier=tournament|mannschaft=team|trainer=coach|
jagd,jäger=hunt|angel=fishing angling|reiten=riding|kaninchen=rabbit|schlange=snake|spinne=spider|
schnurr=purr|leine=leash|welpe=pupp|haustier=pet|tierheim=shelter|brettspiel=board game|
ausrüst=equipment gear|messer=knife|pfanne=pan|braten=roast fry|soße,sauce=sauce|zwiebel=onion|
knoblauch=garlic|kartoffel=potato|tomate=tomato|nudel=noodle pasta|reis=rice|kuchen=cake|
schokolade=chocolate|frühstück=breakfast|schwarzes=black|umlaufbahn=orbit|schwerkraft=gravit|
sternbild=constellation|finsternis=eclipse|urknall=big bang|lichtjahr=light year|
leucht=lumin bright|
zerfall=decay|entstehung=origin formation|quelle=source|beweg=mov|gleichgewicht=balance equilib|
überwind=overcom|umgang=handl deal|vielfalt=divers|nachhaltig=sustain|verschmutz=pollut|
abfall,müll=waste trash|wüste=desert|regenwald=rainforest|bevölker=populat|
wahlkampf=campaign|abgeordnet=parliament|bürger=citizen|verwalt=administrat|behörde=authorit|
einheit=unit|verfass=constitution|menschenrecht=human right|gleichgültig=indifferen|
hass=hate|feindbild=enem|ausgrenz=exclu|minderheit=minorit|herkunft=origin|sprech=speak
"""
_LEAST = 3
_LONGEST = 16
_NEAR = 6  # entries on either side that belong to the same subject
_RARE = 0.3  # ideas: fewer than that are not expected of any answer


@lru_cache(maxsize=1)
def _pairs() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    entries = (entry.strip() for entry in _ENTRIES.replace("\n", "").split("|"))
    sides = (entry.split("=") for entry in entries if entry)
    return tuple(
        (tuple(fold(german).split(",")), tuple(fold(english).split())) for german, english in sides
    )


@lru_cache(maxsize=1)
def _by_start() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Map three first letters to the German beginnings that share them."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for germans, english in _pairs():
        for german in germans:
            found.setdefault(german[:_LEAST], []).append((german, english))
    return {start: tuple(sorted(items, key=lambda i: -len(i[0]))) for start, items in found.items()}


@lru_cache(maxsize=1)
def _by_english() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    found: dict[str, dict[str, list[str]]] = {}
    for germans, english in _pairs():
        for word in english:
            found.setdefault(word[:_LEAST], {}).setdefault(word, []).extend(germans)
    return {
        start: tuple(sorted(((w, tuple(g)) for w, g in items.items()), key=lambda i: -len(i[0])))
        for start, items in found.items()
    }


def lift(asked: Iterable[str], said: Iterable[str]) -> float:
    """Return how far `said` keeps to the subject of `asked`, in standard deviations from chance.

    Both are folded words of either language; the subject is what stands near the asked words.
    """
    last = len(_pairs()) - 1
    near = {
        beside
        for place in _named(asked, inside=True)
        for beside in range(max(0, place - _NEAR), min(last, place + _NEAR) + 1)
    }
    met = _named(said)
    usual = len(near) * len(met) / len(_pairs())
    found = len(near & met)
    return (found - usual) / math.sqrt(max(_RARE, usual)) if found > 1 else 0.0


def _named(found: Iterable[str], *, inside: bool = False) -> frozenset[int]:
    """Return which entries words begin with, or with `inside` hold as a part."""
    words = frozenset(found)
    heads = {
        word[at : at + size]
        for word in words
        for at in (range(len(word) - _LEAST) if inside else (0,))
        for size in range(_LEAST + (2 if at else 1), _LONGEST)
    }
    return frozenset(
        place
        for place, sides in enumerate(_pairs())
        for start in chain(*sides)
        if start in (heads if len(start) > _LEAST else words)
    )


def to_english(word: str) -> tuple[str, ...]:
    """Return beginnings of English words for a folded German word, its parts included."""
    found: list[str] = []
    for place in range(max(1, len(word) - 3)):
        for german, english in _by_start().get(word[place : place + _LEAST], ()):
            inside = len(german) >= (_LEAST if place == 0 else 5)
            whole = len(german) > 4 or len(word) <= len(german) + 3 or place == 0
            if inside and whole and word.startswith(german, place) and _fits(word, german, place):
                found += english
                break
    return tuple(dict.fromkeys(found))


def _fits(word: str, german: str, place: int) -> bool:
    return len(german) >= 4 or (place == 0 and len(word) <= len(german) + 2)


def to_german(word: str) -> tuple[str, ...]:
    """Return beginnings of German words for a folded English word."""
    for english, germans in _by_english().get(word[:_LEAST], ()):
        if word.startswith(english) and (len(english) >= 4 or len(word) <= len(english) + 2):
            return tuple(dict.fromkeys(germans))
    return ()
