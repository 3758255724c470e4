"""The known sets of fields, by which wrappers without a header and older answers are recognised."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from syntx.wrappers import Field, Wrapper, heading_key

_TIERS = ("TIER-1 Oberfläche", "TIER-2 Muster", "TIER-3 Mechanismus", "TIER-4 Kern")

HUMAN = (
    Field(
        "drift",
        "DRIFT",
        ("Shift", "Drifting", "Дрейф", "Сдвиг", "Sodródás", "Elmozdulás", "Sürüklenme", "Kayma",
         "Deriva"),
        15,
    ),
    Field(
        "hintergrund_muster",
        "HINTERGRUND-MUSTER",
        ("Muster im Hintergrund", "Background Pattern", "Background Patterns",
         "Underlying Pattern", "Underlying Patterns", "Фоновый паттерн", "Фоновые паттерны",
         "Скрытый узор", "Háttérminta", "Háttérminták", "Arka Plan Örüntüsü", "Arka Plan Deseni",
         "Arka Plan Kalıbı", "Schema di fondo", "Schemi di fondo", "Modello di fondo"),
        20,
    ),
    Field(
        "druckfaktoren",
        "DRUCKFAKTOREN",
        ("Druckfaktor", "Pressure Factors", "Pressure Factor", "Pressures",
         "Stress Factors", "Факторы давления", "Nyomástényezők", "Nyomásfaktorok",
         "Baskı Faktörleri", "Baskı Etkenleri", "Fattori di pressione"),
        15,
    ),
    Field(
        "tiefe",
        "TIEFE",
        ("Depth", "Глубина", "Mélység", "Derinlik", "Profondità"),
        20,
    ),
    Field(
        "wirkung",
        "WIRKUNG AUF BEIDE SEITEN",
        ("Wirkung", "Wirkung auf beiden Seiten", "Auswirkung auf beide Seiten",
         "Effect on Both Sides", "Effects on Both Sides", "Impact on Both Sides",
         "Impact on Both Parties", "Effect on Both Parties", "Влияние на обе стороны",
         "Воздействие на обе стороны", "Hatás mindkét félre", "Hatás mindkét oldalra",
         "Her İki Tarafa Etkisi", "İki Tarafa Etkisi", "Effetto su entrambe le parti",
         "Effetto su entrambi i lati", "Impatto su entrambe le parti"),
        20,
    ),
    Field(
        "klartext",
        "KLARTEXT",
        ("Im Klartext", "Plain Text", "Plain Talk", "Clear Text", "Plain Words",
         "In Plain Words", "Bottom Line", "Прямым текстом", "Открытый текст", "Простыми словами",
         "Világosan", "Nyílt szöveg", "Nyíltan", "Magyarán", "Açık Metin", "Açıkça", "Düz Metin",
         "In chiaro", "Testo in chiaro", "In parole chiare"),
        10,
    ),
)  # fmt: skip

SIGMA = (
    Field(
        "sigma_drift",
        "Σ-DRIFTGRADIENT",
        ("Gradient of Drift", "Градиент дрейфа", "Дрейф-градиент",
         "Sodródási gradiens", "Driftgradiens", "Sürüklenme Gradyanı", "Gradiente di deriva"),
        15,
    ),
    Field(
        "sigma_mechanismus",
        "Σ-MECHANISMUSKNOTEN",
        ("Mechanism Node", "Mechanism Nodes", "Mechanism Knot",
         "Узел механизма", "Mechanizmuscsomópont", "Mekanizma Düğümü", "Nodo del meccanismo",
         "Nodo di meccanismo"),
        20,
    ),
    Field(
        "sigma_frequenz",
        "Σ-FREQUENZFELD",
        ("Frequenzfelder", "Frequency Field", "Frequency Fields", "Частотное поле",
         "Frekvenciamező", "Frekans Alanı", "Campo di frequenza"),
        15,
    ),
    Field(
        "sigma_dichte",
        "Σ-DICHTELEVEL",
        ("Density Level", "Уровень плотности", "Sűrűségi szint", "Sűrűségszint",
         "Yoğunluk Seviyesi", "Yoğunluk Düzeyi", "Livello di densità"),
        20,
    ),
    Field(
        "sigma_strome",
        "Σ-ZWEISTRÖME",
        ("Zweistrom", "Two Streams", "Dual Streams", "Dual Flow", "Twin Streams",
         "Два потока", "Kettős áramlás", "Két áramlat", "İki Akım", "İki Akış", "Due correnti",
         "Due flussi"),
        20,
    ),
    Field(
        "sigma_extrakt",
        "Σ-KERNEXTRAKT",
        ("Core Extract", "Kernel Extract", "Экстракт ядра", "Ядро", "Magkivonat",
         "Çekirdek Özü", "Estratto del nucleo", "Estratto centrale"),
        10,
    ),
)  # fmt: skip

_DRIFTKOERPER_NAMES = (
    "Drift Body Analysis", "Analysis of the Drift Body",
    "Анализ тела дрейфа", "Анализ дрейфового тела", "Sodródó test elemzése",
    "Sürüklenme Gövdesi Analizi", "Analisi del corpo di deriva",
)  # fmt: skip
_KALIBRIERUNG_NAMES = ("Calibration", "Калибровка", "Kalibrálás", "Kalibrasyon", "Calibrazione")
_STROEMUNG_NAMES = (
    "Strömungsverhältnis", "Flow Conditions", "Flow Relations", "Flow Ratios",
    "Соотношение потоков", "Условия потока", "Áramlási viszonyok", "Akış Koşulları",
    "Akış İlişkileri", "Condizioni di flusso", "Rapporti di flusso",
)  # fmt: skip


def _system_fields(parts: tuple[str, ...], min_words: int) -> tuple[Field, ...]:
    return (
        Field("driftkoerper", "Driftkörperanalyse", _DRIFTKOERPER_NAMES, 33, min_words, parts),
        Field("kalibrierung", "Kalibrierung", _KALIBRIERUNG_NAMES, 34, min_words, parts),
        Field("stroemung", "Strömungsverhältnisse", _STROEMUNG_NAMES, 33, min_words, parts),
    )


SYNTEX_SYSTEM = _system_fields((), 10)
DEEPSWEEP = _system_fields(_TIERS, 20)

TRUE_RAW = (
    Field("driftkoerper", "DRIFTKÖRPER", ("Drift Body",), 15),
    Field("subprotokoll", "SUBPROTOKOLL", ("Subprotokolle", "Subprotocol"), 20),
    Field(
        "kalibrierungsfeld", "KALIBRIERUNGSFELD", ("Kalibrierungsfelder", "Calibration Field"), 20
    ),
    Field("tier", "TIER-ANALYSE", ("Tier", "Tier Analysis", "Tier-Level"), 15),
    Field("resonanzsplit", "RESONANZSPLIT", ("Resonance Split",), 20),
    Field("klartext", "KLARTEXT", ("Plain Text", "Clear Text"), 10),
)

TERMINOLOGIES: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "human": HUMAN,
        "sigma": SIGMA,
        "syntex_system": SYNTEX_SYSTEM,
        "deepsweep": DEEPSWEEP,
        "true_raw": TRUE_RAW,
    }
)
"""Fields by terminology; `true_raw` is only read, in answers of older versions."""

_HASHED = frozenset({"syntex_system", "deepsweep"})


def for_terminology(name: str) -> Wrapper:
    """Return a wrapper of that terminology without any instruction text.

    It serves to score answers whose wrapper was not recorded; raises KeyError when unknown.
    """
    marker = "###" if name in _HASHED else "1."
    return Wrapper(name, "", TERMINOLOGIES[name], "", terminology=name, marker=marker)


def recognised(headings: tuple[str, ...], *, has_parts: bool = False) -> str | None:
    """Return the terminology whose fields all stand among these headings, in order, or None."""
    found = [heading_key(heading) for heading in headings]
    for name, fields in TERMINOLOGIES.items():
        wanted = [heading_key(field.heading) for field in fields]
        fits = name not in _HASHED or bool(fields[0].parts) == has_parts
        if fits and [key for key in found if key in wanted] == wanted:
            return name
    return None
